"""Who works in the data folder: all commands at once, or one restore alone."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tertulia.project import preparing
from tertulia.project.folders import Unusable, find_house, make_folders

LOCK = "house.lock"
# What a restore, or the look at an archive, leaves in the data folder if it is killed.
RESTORE, SCRATCH = ".restore", ".verify-"


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
    with _held(fcntl.LOCK_SH, "a backup is being restored here: wait until that is done"):
        yield


@contextmanager
def alone() -> Iterator[None]:
    """Be the only one who works here until the end of the block; Unusable while a server or another command does."""
    with _held(fcntl.LOCK_EX, f"the data folder {settings.DATA} is in use: stop the servers first"):
        yield


def _mend() -> None:
    if (settings.DATA / RESTORE).exists():
        # Not above: few commands ever need it.
        from tertulia.project.backup import place

        with alone():
            place.mend()
    for folder in settings.DATA.glob(f"{SCRATCH}*"):
        _remove_what_was_left(folder)


def _remove_what_was_left(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    except BlockingIOError:
        return
    finally:
        os.close(handle)


@contextmanager
def _held(how: int, why_not: str) -> Iterator[None]:
    # A lock of the system: it goes with its process, however that ends; a worker that is forked off inherits it.
    handle = os.open(settings.DATA / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        os.close(handle)
        raise Unusable(why_not) from fault
    try:
        yield
    finally:
        os.close(handle)
