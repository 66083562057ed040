"""The place of a house while another takes it: the former one is put aside until the new one is known to be good.

`.restore/` in the data folder holds what is read (`new/`), what was put aside (`former/`), and a mark: `moving`
from before the first thing is moved until all is settled, then `settled` until what was put aside is gone. The next
command after a restore that was cut off finds the mark: `moving` is undone, `settled` is cleared away.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from tertulia.live.queries import close_room_log
from tertulia.project.backup import postgres
from tertulia.project.backup.keyring import shred
from tertulia.project.backup.unfit import Unfit
from tertulia.project.occupancy import RESTORE
from tertulia.project.release import STAMP

NEW, ASIDE = "new", "former"
MOVING, SETTLED = "moving", "settled"
# What belongs to an SQLite file, and goes with it.
BESIDE = ("", "-wal", "-shm", "-journal")


def mend() -> None:
    """Put things as they were before a restore that was cut off; or, if it was settled already, clear up after it."""
    if (_folder() / MOVING).exists():
        undo()
    elif _folder().exists():
        clear()


def begin() -> Path:
    """An empty folder of ours alone, on the same disk, to lay the parts of an archive into."""
    new = _folder() / NEW
    new.mkdir(mode=0o700, parents=True)
    return new


def change() -> None:
    """Put what `begin` gave in the place of the house, which is put aside."""
    _close()
    had = [name for name in _names() if _there(name)]
    (_folder() / ASIDE).mkdir(mode=0o700)
    _mark(had)
    for name in had:
        (settings.DATA / name).rename(_folder() / ASIDE / name)
    for part, name in _parts().items():
        if (_folder() / NEW / part).exists():
            (_folder() / NEW / part).rename(settings.DATA / name)
    _sync(settings.DATA)
    if connection.vendor == "postgresql":
        postgres.load(_folder() / NEW / "database")


def settle() -> None:
    """Say that the new house is good: from now on the former one is no more."""
    (_folder() / MOVING).rename(_folder() / SETTLED)
    _sync(_folder())
    clear()


def undo() -> None:
    """Put what was put aside in its place again; may be cut off, and done again."""
    _close()
    had = set(json.loads((_folder() / MOVING).read_bytes()))
    if connection.vendor == "postgresql":
        postgres.put_back()
    for name in _names():
        kept = _folder() / ASIDE / name
        if kept.exists() or name not in had:
            _remove(settings.DATA / name)
        if kept.exists():
            kept.rename(settings.DATA / name)
    _sync(settings.DATA)
    shred(_folder() / NEW)
    (_folder() / MOVING).unlink()
    _remove(_folder())


def clear() -> None:
    """Remove what a restore has left behind: first what was put aside, then the mark that says so."""
    if (_folder() / SETTLED).exists() and connection.vendor == "postgresql":
        postgres.let_go()
    shred(_folder() / NEW)
    _remove(_folder() / ASIDE)
    _remove(_folder())


def check() -> None:
    """Unfit if the files of the house are not in the data folder, where alone they can be changed for others."""
    files = [Path(settings.MEDIA_ROOT)]
    if connection.vendor == "sqlite":
        files += [Path(connection.settings_dict["NAME"]), settings.ROOMS_FILE]
    if any(file.parent != settings.DATA for file in files):
        raise Unfit("the database is a file outside the data folder: only one inside can be restored")


def _folder() -> Path:
    return Path(settings.DATA) / RESTORE


def _parts() -> dict[str, str]:
    """The parts of an archive, and what they are called in the data folder."""
    media = {"media": Path(settings.MEDIA_ROOT).name}
    if connection.vendor != "sqlite":
        return media
    return media | {"database": Path(connection.settings_dict["NAME"]).name, "rooms": settings.ROOMS_FILE.name}


def _names() -> list[str]:
    """Everything in the data folder that a restore puts aside."""
    ends = BESIDE if connection.vendor == "sqlite" else ("",)
    return [name + end for name in _parts().values() for end in ends] + [STAMP]


def _there(name: str) -> bool:
    return os.path.lexists(settings.DATA / name)


def _mark(had: list[str]) -> None:
    draft = _folder() / f"{MOVING}.draft"
    with draft.open("w") as file:
        json.dump(had, file)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(_folder() / MOVING)
    _sync(_folder())


def _close() -> None:
    close_room_log()
    connections.close_all()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
