"""Snapshots of SQLite files: one moment of a file that goes on being written, in a copy that has no name."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tertulia.project.backup.unfit import Unfit

PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Snapshot:
    """One moment of a database: its `content` from the beginning, the `counts` of rows by table, its migrations."""

    content: BinaryIO
    counts: dict[str, int]
    migrations: list[str]


@contextmanager
def snapshot(file: Path) -> Iterator[Snapshot]:
    """One moment of the SQLite `file`; whoever reads or writes there meanwhile goes on."""
    handle, name = tempfile.mkstemp(prefix=".snapshot-", dir=file.parent)
    with os.fdopen(handle, "rb") as content:
        try:
            counts, migrations = _copy(file, Path(name))
        except sqlite3.Error as fault:
            raise Unfit(f"the database could not be copied, is the disk full? ({fault})") from fault
        yield Snapshot(content, counts, migrations)


def _copy(file: Path, place: Path) -> tuple[dict[str, int], list[str]]:
    with closing(sqlite3.connect(place, isolation_level=None)) as copy, closing(_connect(file)) as source:
        # It is open, and its name is gone: whatever stops this process, no copy is left on the disk.
        copy.execute("PRAGMA journal_mode=OFF")
        place.unlink()
        # In one transaction: what is counted is what is copied.
        source.execute("BEGIN")
        counts, migrations = counted(source), migrations_in(source)
        source.backup(copy)
        source.execute("ROLLBACK")
    return counts, migrations


def check(file: Path, counts: dict[str, int]) -> None:
    """Unfit unless the SQLite `file` is whole and has so many rows in each table."""
    try:
        with closing(_connect(file)) as connection:
            verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            strays = connection.execute("PRAGMA foreign_key_check").fetchone()
            found = counted(connection)
    except sqlite3.DatabaseError as fault:
        raise Unfit("a database in the archive cannot be read") from fault
    if verdict != "ok" or strays or found != counts:
        raise Unfit("a database in the archive is not whole, or has not the rows that its manifest says")


def counted(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    tables = sorted(name for (name,) in names)
    return {name: connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608


def migrations_in(connection: sqlite3.Connection) -> list[str]:
    """The migrations that the database has been brought through; none in a room log."""
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'django_migrations'").fetchone():
        return []
    rows = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    return [name for (name,) in rows]


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=PATIENCE_SECONDS, isolation_level=None)
