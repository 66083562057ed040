"""While a house is being set up it belongs to one process, and every other command waits until it is ready."""

from __future__ import annotations

import contextlib
import fcntl
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from tertulia.project.folders import Unusable

LOCK = "prepare.lock"
PATIENCE_SECONDS = 180.0
LOOK_SECONDS = 0.1
WAITING = "tertulia: the house is just being set up; this waits until it is ready …"

# The lock of this process, while it has one: what it calls meanwhile need not wait for itself.
_held: list[IO[bytes]] = []


def begin(folder: Path) -> None:
    """Be the one who sets up the data `folder`, until `end` or the end of this process. Unusable."""
    if _held:
        return
    try:
        lock = (folder / LOCK).open("ab")
    except OSError as fault:
        raise Unusable(f"the folder {folder} cannot be used: {fault.strerror}") from fault
    _held.append(_locked(lock, fcntl.LOCK_EX))


def end() -> None:
    """Let the others in; nothing, if this process sets up no house."""
    while _held:
        _held.pop().close()


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """As `begin`; whoever began before, goes on afterwards. Unusable."""
    began = not _held
    begin(folder)
    try:
        yield
    finally:
        if began:
            end()


def wait_until_ready(folder: Path) -> None:
    """Return when nobody sets up the data `folder`; Unusable, when that takes too long."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        _locked((folder / LOCK).open("rb"), fcntl.LOCK_SH).close()


def _locked(lock: IO[bytes], how: int) -> IO[bytes]:
    until = time.monotonic() + PATIENCE_SECONDS
    if not _is_taken(lock, how):
        print(WAITING, file=sys.stderr, flush=True)
        while not _is_taken(lock, how):
            if time.monotonic() > until:
                lock.close()
                raise Unusable("the house is still being set up: try again in a while")
            time.sleep(LOOK_SECONDS)
    return lock


def _is_taken(lock: IO[bytes], how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
