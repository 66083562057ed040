"""What is written down when something goes wrong: its kind and its place, never its words, which may quote people."""

from __future__ import annotations

import copy
import logging
import sys
import threading
from traceback import extract_tb
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs
    from threading import ExceptHookArgs

Fault = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Lines(logging.Formatter):
    """A line of ours, and of the fault that comes with it its kind and place."""

    def formatException(self, ei: Fault) -> str:  # noqa: N802 - the name is Python's
        """The kind and place of a fault."""
        return kind_and_place(ei[1]) if ei[1] else ""

    def formatStack(self, stack_info: str) -> str:  # noqa: ARG002, N802 - the same
        """Nothing: its lines may hold values."""
        return ""


class Others(Lines):
    """What a library has to say: which, how grave, and where in its code; its words may hold what people sent."""

    def format(self, record: logging.LogRecord) -> str:
        """The line without the words."""
        told = copy.copy(record)
        told.msg, told.args = f"in {record.funcName}, line {record.lineno}", ()
        told.exc_text = None
        return super().format(told)


def kind_and_place(fault: BaseException) -> str:
    """What is kept of a fault: its class, and the function and line where it arose; its text may speak of people."""
    frames = extract_tb(fault.__traceback__)
    place = f" in {frames[-1].name}, line {frames[-1].lineno}" if frames else ""
    return f"{type(fault).__module__}.{type(fault).__qualname__}{place}"


def keep_words_out() -> None:
    """From now on whatever nobody has caught in this process, or in a thread of it, is told in one line as well."""
    sys.excepthook = _of_process
    threading.excepthook = _of_thread
    sys.unraisablehook = _of_nowhere


def _of_process(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, fault, trace)
        return
    _tell(f"a fault of the program: {kind_and_place(fault)}; TERTULIA_DEBUG=1 shows all of it")


def _of_thread(told: ExceptHookArgs) -> None:
    if told.exc_value is not None:
        _tell(f"a thread has failed: {kind_and_place(told.exc_value)}")


def _of_nowhere(told: UnraisableHookArgs) -> None:
    if told.exc_value is not None:
        _tell(f"a fault that stops nothing: {kind_and_place(told.exc_value)}")


def _tell(what: str) -> None:
    print(f"tertulia: {what}", file=sys.stderr, flush=True)
