"""Who works in the data folder: all commands at once, or one restore alone."""

from __future__ import annotations

import fcntl
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from tertulia.project import preparing
from tertulia.project.backup.keyring import shred
from tertulia.project.folders import Unusable, find_house, make_folders

LOCK = "house.lock"
# What a restore, or the look at an archive, leaves in the data folder if it is killed.
RESTORE, SCRATCH = ".restore", ".verify-"
IN_USE = "the data folder {} is in use: stop the servers first"
RESTORED = "a backup is being restored here: wait until that is done"


@contextmanager
def at_home(*, makes_folders: bool) -> Iterator[None]:
    """Work in the data folder until the end of the block; a restore that was cut off is mended first.

    `makes_folders`: it is made if there is none, and set up before another command finds it half there. Unusable
    if it cannot be used, or a restore has it alone.
    """
    if makes_folders:
        make_folders()
        preparing.begin(settings.DATA)
    else:
        preparing.wait_until_ready(settings.DATA)
    _mend()
    if not makes_folders:
        find_house()
    with shared():
        if (settings.DATA / RESTORE).exists():
            raise Unusable("a restore was cut off here this moment: try again")
        yield


@contextmanager
def shared() -> Iterator[None]:
    """Be one of those who work here until the end of the block; Unusable while a restore has the place alone."""
    with _held(fcntl.LOCK_SH):
        yield


@contextmanager
def alone() -> Iterator[None]:
    """Be the only one who works here until the end of the block; Unusable while a server or another command does."""
    with _held(fcntl.LOCK_EX):
        yield


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder of ours alone, in the data folder if there is one, that is gone after the block."""
    folder, handle = _locked_folder()
    try:
        yield folder
    finally:
        shred(folder)
        os.close(handle)


@contextmanager
def stoppable() -> Iterator[None]:
    """Whoever is told to stop in the block (SIGTERM) ends as with Ctrl+C, and clears away what was begun."""
    usual = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, usual)


def _locked_folder() -> tuple[Path, int]:
    near = settings.DATA if settings.DATA.is_dir() else None
    while True:
        folder = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=near))
        # As long as the folder is locked it is in use; one that is not was left behind by who was killed. Another
        # command may have taken this one for such, in the moment before it was locked.
        with suppress(FileNotFoundError):
            handle = os.open(folder, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX)
            if folder.is_dir():
                return folder, handle
            os.close(handle)


def _mend() -> None:
    if (settings.DATA / RESTORE).exists():
        # Not above: few commands ever need it.
        from tertulia.project.backup import place

        with alone():
            place.mend()
    for folder in settings.DATA.glob(f"{SCRATCH}*"):
        # Whoever looked at an archive may remove it just now.
        with suppress(FileNotFoundError):
            _remove_what_was_left(folder)


def _remove_what_was_left(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shred(folder)
    except BlockingIOError:
        return
    finally:
        os.close(handle)


@contextmanager
def _held(how: int) -> Iterator[None]:
    # A lock of the system: it goes with its process, however that ends; a worker that is forked off inherits it.
    handle = os.open(settings.DATA / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _locked(handle, how):
            # Where one more could work, servers and commands do; where none could, a restore does.
            raise Unusable(IN_USE.format(settings.DATA) if _locked(handle, fcntl.LOCK_SH) else RESTORED)
        yield
    finally:
        os.close(handle)


def _locked(handle: int, how: int) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
