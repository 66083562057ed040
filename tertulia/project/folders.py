"""The data folder and the folder of the keys: some commands make them, all others need them; nobody else reads them."""

from __future__ import annotations

import stat
from collections.abc import Set as AbstractSet
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from tertulia.project.release import is_migrated

OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO
# What tells a folder of ours, whose mode may be changed, from /tmp or somebody's home.
MARKS_OF_A_HOUSE = {"tertulia.sqlite3", "rooms.sqlite3", "prepared", "keys", "demo.json"}
MARKS_OF_KEYS = {"secret", "pepper"}


class Unusable(Exception):  # noqa: N818 - it describes the folder
    """The folder cannot be worked in; `str()` says why, and what to do."""


def make_folders() -> None:
    """Make both folders, or close to others those that are there. Unusable."""
    for folder, marks in ((settings.DATA, MARKS_OF_A_HOUSE), (settings.KEYS.folder, MARKS_OF_KEYS)):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _close(folder, marks)
        except OSError as fault:
            raise Unusable(_why_not(folder, fault)) from fault


def _why_not(folder: Path, fault: OSError) -> str:
    if folder.exists():
        return f"the folder {folder} cannot be used: {fault.strerror}"
    # That there is no such folder is known: it was to be made.
    why = "" if isinstance(fault, FileNotFoundError) else f" ({fault.strerror})"
    return f"the folder {folder} cannot be made there{why}: choose another place"


def find_house() -> None:
    """Close to others what is open; Unusable if there is no data folder, or its database is not of this release."""
    prepare = f"./run prepare --data {settings.DATA}"
    if not settings.DATA.is_dir():
        raise Unusable(f"there is no data folder at {settings.DATA}: {prepare} makes one")
    if not _has_database():
        raise Unusable(f"the data folder {settings.DATA} is not ready yet: {prepare} makes it so")
    make_folders()


def _has_database() -> bool:
    # To look into an SQLite file that is not there would make it.
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return False
    try:
        return is_migrated()
    except DatabaseError as fault:
        raise Unusable(f"the database cannot be reached: {str(fault).splitlines()[0]}") from fault


def _close(folder: Path, marks: AbstractSet[str]) -> None:
    if not folder.stat().st_mode & OPEN_TO_OTHERS:
        return
    names = {entry.name for entry in folder.iterdir()}
    if names and not names & marks:
        raise Unusable(f"the folder {folder} is open to others and holds other things: choose one of its own")
    try:
        folder.chmod(0o700)
    except PermissionError as fault:
        raise Unusable(f"the folder {folder} is open to others, and belongs to somebody else: chmod 700 it") from fault
