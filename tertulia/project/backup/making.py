"""Making archives: one of the house, and one of its keys; never both in one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection
from pyrage import x25519

import tertulia
from tertulia.kit.erasures import Untrusted
from tertulia.kit.sealing import Unreadable
from tertulia.project.backup import envelope, postgres, sqlite
from tertulia.project.backup.archive import Archive, Writer, written
from tertulia.project.backup.draft import clear_drafts, drafted
from tertulia.project.backup.unfit import Unfit

HOUSE, KEYS = "house", "keys"
# Pictures in other sizes, which Wagtail makes again.
MADE_AGAIN = "images"


def back_up_house(path: Path) -> Archive:
    """Write the archive of database, room log, files and erasure list to `path`. Unfit; OSError if the disk is full."""
    key = _key_of_list()
    about = {**_about(HOUSE), "database": connection.vendor}
    with ExitStack() as held:
        if connection.vendor == "sqlite":
            moment = held.enter_context(sqlite.snapshot(Path(connection.settings_dict["NAME"])))
        else:
            moment = held.enter_context(postgres.snapshot(settings.DATA))
        out = held.enter_context(_sealed_file(path))
        archive = held.enter_context(written(out, {**about, "migrations": moment.migrations}))
        archive.put("database", moment.content, _size(moment.content))
        counts = moment.counts
        if connection.vendor == "sqlite":
            # After the database: what it knows of is in the log. What the log alone has is cleared at a restore.
            log = held.enter_context(sqlite.snapshot(settings.ROOMS_FILE))
            archive.put("rooms", log.content, _size(log.content))
            counts = counts | {f"rooms.{table}": rows for table, rows in log.counts.items()}
        for file in _files(Path(settings.MEDIA_ROOT)):
            _put_file(archive, file)
        # Last: what was erased while this was being made is on the list.
        archive.put_words("erasures", settings.ERASURES.content())
        return archive.close(counts, key)


def back_up_keys(path: Path) -> Archive:
    """Write the archive of the keys, the pepper and the erasure list to `path`; refuses as `back_up_house`."""
    _key_of_list()
    with _sealed_file(path) as out, written(out, _about(KEYS)) as archive:
        for name in settings.KEYS.names():
            try:
                archive.put_words(f"keys/{name}", settings.KEYS.get(name))
            except Unreadable:
                # Destroyed since it was listed.
                continue
        archive.put_words("pepper", settings.PEPPER_FILE.read_bytes())
        archive.put_words("erasures", settings.ERASURES.content())
        return archive.close({}, None)


@contextmanager
def _sealed_file(path: Path) -> Iterator[BinaryIO]:
    """A new file at `path`, sealed as it is written; it gets its name when all of it is on the disk."""
    to: list[x25519.Recipient] = envelope.recipients(settings.BACKUP_RECIPIENTS)
    if path.exists():
        raise Unfit(f"there is a file at {path} already: name another one")
    clear_drafts(path)
    with drafted(path) as file:
        with envelope.sealed(file, to) as out:
            yield out
        file.flush()
        os.fsync(file.fileno())
    _sync(path.parent)


def _files(folder: Path) -> Iterator[Path]:
    """What people have uploaded; nothing that is made from it, and no links that lead elsewhere."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        if Path(place) == folder and MADE_AGAIN in folders:
            folders.remove(MADE_AGAIN)
        files = (Path(place, name) for name in sorted(names))
        yield from (file for file in files if file.is_file() and not file.is_symlink())


def _put_file(archive: Writer, path: Path) -> None:
    try:
        with path.open("rb") as file:
            name = path.relative_to(settings.MEDIA_ROOT).as_posix()
            archive.put(f"media/{name}", file, _size(file))
    except FileNotFoundError:
        # Removed since it was listed.
        return


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def _key_of_list() -> bytes:
    try:
        return settings.ERASURES.begin()
    except Untrusted as fault:
        raise Unfit(str(fault)) from fault


def _about(kind: str) -> dict[str, str]:
    """What both kinds of archives say of themselves."""
    release = str(getattr(tertulia, "__version__", ""))
    return {"holds": kind, "house": settings.ERASURES.house(), "release": release}


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
