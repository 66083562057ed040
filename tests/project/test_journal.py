"""What is written of a fault: its kind and its place, and no word of it."""

from __future__ import annotations

import logging
import logging.config
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings

from tertulia.project.journal import Lines, Others, kind_and_place

pytestmark = pytest.mark.parser
ROOT = Path(__file__).resolve().parents[2]
WORD = "somebody-s-name"
FAILING = """
import gc, sys, threading
from tertulia.project import commandline
def fail(*_words):
    raise ValueError("somebody-s-name")
class Fails:
    __del__ = fail
if sys.argv[1] == "thread":
    commandline._answer = lambda words: threading.Thread(target=fail).start() or 0
elif sys.argv[1] == "nowhere":
    commandline._answer = lambda words: (Fails(), gc.collect()) and 0
else:
    commandline._answer = fail
sys.exit(commandline.main())
"""


def fail() -> None:
    raise ValueError(WORD)


def record_of_a_fault(name: str) -> logging.LogRecord:
    try:
        fail()
    except ValueError:
        told = sys.exc_info()
    return logging.LogRecord(name, logging.ERROR, "there.py", 7, "it said %s", (WORD,), told, "function", WORD)


def test_a_line_of_ours_has_the_kind_and_place_of_its_fault() -> None:
    line = Lines("%(name)s %(message)s").format(record_of_a_fault("tertulia.pages"))
    first, *rest = line.splitlines()
    assert first == f"tertulia.pages it said {WORD}"
    assert "".join(rest).startswith("builtins.ValueError in fail, line ")
    assert WORD not in "".join(rest)


def test_of_what_a_library_says_no_word_is_kept() -> None:
    record = record_of_a_fault("asyncio")
    # Another handler may have put the traceback into it already.
    record.exc_text = f"Traceback: {WORD}"
    line = Others("%(name)s %(levelname)s %(message)s").format(record)
    assert line.startswith("asyncio ERROR in function, line 7\nbuiltins.ValueError in fail, line ")
    assert WORD not in line
    assert record.exc_text == f"Traceback: {WORD}"


def test_a_fault_without_a_place_has_a_kind() -> None:
    assert kind_and_place(LookupError(WORD)) == "builtins.LookupError"


@pytest.mark.parametrize("name", ["asyncio", "django.template", "PIL", "py.warnings", "uvicorn.error", "tertulia.x"])
def test_every_logger_writes_so(name: str, settings: LazySettings, capsys: pytest.CaptureFixture[str]) -> None:
    loggers = [logging.root, *(logging.getLogger(one) for one in settings.LOGGING["loggers"])]
    before = [(one.handlers[:], one.level, one.propagate) for one in loggers]
    try:
        logging.config.dictConfig(settings.LOGGING)
        try:
            fail()
        except ValueError:
            logging.getLogger(name).exception("a fault")
    finally:
        for one, (handlers, level, propagate) in zip(loggers, before, strict=True):
            one.handlers[:], one.level, one.propagate = handlers, level, propagate
    said = capsys.readouterr().err
    assert f" {name} ERROR " in said
    assert "builtins.ValueError in fail, line " in said
    assert WORD not in said


@pytest.mark.parametrize(
    ("where", "code", "says"),
    [
        ("command", 1, "a fault of the program: builtins.ValueError in fail, line 5; TERTULIA_DEBUG=1 shows all of it"),
        ("thread", 0, "a thread has failed: builtins.ValueError in fail, line 5"),
        ("nowhere", 0, "a fault that stops nothing: builtins.ValueError in fail, line 5"),
    ],
)
def test_what_nobody_caught_is_told_in_one_line(
    where: str, code: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERTULIA_DEBUG", "")
    line = [sys.executable, "-c", FAILING, where]
    done = subprocess.run(line, cwd=ROOT, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (code, f"tertulia: {says}\n")
    monkeypatch.setenv("TERTULIA_DEBUG", "1")
    done = subprocess.run(line, cwd=ROOT, check=False, capture_output=True, text=True)
    assert WORD in done.stderr
