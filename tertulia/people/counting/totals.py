"""The file of its own: running totals and nothing else, without a row for an answer and without an order."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 10

_TOTAL = """CREATE TABLE IF NOT EXISTS total (
    scope TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (scope, question, answer)) WITHOUT ROWID"""
_ENDED = """CREATE TABLE IF NOT EXISTS ended (
    scope TEXT PRIMARY KEY, since INTEGER NOT NULL, is_released INTEGER NOT NULL) WITHOUT ROWID"""
# The journal is removed with each change: no copy of what was runs along. What goes is overwritten, and no temporary
# file is made elsewhere.
_PRAGMAS = ("journal_mode=DELETE", "secure_delete=ON", "synchronous=FULL", "temp_store=MEMORY")


class Totals:
    """How often each answer was given to each question of each scope (the address of an event).

    Several processes add to one file. Each call opens it for itself: sqlite3.Error if that cannot be done.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, scope: str, counted: Mapping[str, Mapping[str, int]]) -> None:
        """Add what was `counted`: {question: {answer: number}}, all of it or nothing.

        What comes when the scope was released already is dropped: nothing would ever publish or remove it.
        """
        with self._open() as file, _change(file):
            if not _is_released(file, scope):
                _write_anew(file, scope, counted)

    def end(self, scope: str, moment: int) -> None:
        """From this `moment` (seconds since 1970) on nobody answers any more in this scope; the first one holds."""
        with self._open() as file, _change(file):
            file.execute("INSERT OR IGNORE INTO ended VALUES (?, ?, 0)", (scope, moment))

    def is_ended(self, scope: str) -> bool:
        """Whether nobody answers any more in this scope."""
        with self._open() as file:
            return bool(file.execute("SELECT 1 FROM ended WHERE scope = ?", (scope,)).fetchone())

    def ended_among(self, scopes: Iterable[str]) -> list[str]:
        """Those of `scopes` in which nobody answers any more, released or not."""
        with self._open() as file:
            ended = {scope for (scope,) in file.execute("SELECT scope FROM ended")}
        return [scope for scope in scopes if scope in ended]

    def released_among(self, scopes: Iterable[str]) -> list[str]:
        """Those of `scopes` whose totals have gone since they were released."""
        with self._open() as file:
            released = {scope for (scope,) in file.execute("SELECT scope FROM ended WHERE is_released")}
        return [scope for scope in scopes if scope in released]

    def due(self, moment: int) -> list[str]:
        """The scopes that ended at this `moment` (seconds since 1970) or before, and are not released yet."""
        query = "SELECT scope FROM ended WHERE NOT is_released AND since <= ? ORDER BY scope"
        with self._open() as file:
            return [scope for (scope,) in file.execute(query, (moment,))]

    def read(self, scope: str) -> dict[str, dict[str, int]]:
        """{question: {answer: number}}; for the release alone, which is the only one who may know."""
        found: dict[str, dict[str, int]] = {}
        with self._open() as file:
            for question, answer, number in file.execute(
                "SELECT question, answer, number FROM total WHERE scope = ?", (scope,)
            ):
                found.setdefault(question, {})[answer] = number
        return found

    def forget(self, scope: str) -> None:
        """The scope is released: its totals go for good, and what still comes is dropped."""
        with self._open() as file, _change(file):
            file.execute("INSERT OR IGNORE INTO ended VALUES (?, 0, 1)", (scope,))
            file.execute("UPDATE ended SET is_released = 1 WHERE scope = ?", (scope,))
            file.execute("DELETE FROM total WHERE scope = ?", (scope,))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # Its owner's alone; what SQLite puts beside it takes after it.
        if not self.path.exists():
            self.path.touch(mode=0o600)
        file = sqlite3.connect(self.path, timeout=PATIENCE_SECONDS, isolation_level=None)
        try:
            for pragma in _PRAGMAS:
                file.execute(f"PRAGMA {pragma}")
            if not file.execute("SELECT 1 FROM sqlite_master WHERE name = 'ended'").fetchone():
                with _change(file):
                    file.execute(_TOTAL)
                    file.execute(_ENDED)
            yield file
        finally:
            file.close()
            _say_nothing_of_when(self.path)


def _say_nothing_of_when(path: Path) -> None:
    """The time of the file would say when sums were last written down: it is the beginning of 1970 for everybody."""
    if path.stat().st_mtime_ns:
        os.utime(path, (0, 0))


def _is_released(file: sqlite3.Connection, scope: str) -> bool:
    return bool(file.execute("SELECT 1 FROM ended WHERE scope = ? AND is_released", (scope,)).fetchone())


def _write_anew(file: sqlite3.Connection, scope: str, counted: Mapping[str, Mapping[str, int]]) -> None:
    """Add to the totals, and lay all of them anew in the order of letters.

    Else what was added first would stand first on the pages of the file. A sum has no order that could be shuffled.
    """
    totals = {(row[0], row[1], row[2]): row[3] for row in file.execute("SELECT * FROM total")}
    for question, answers in counted.items():
        for answer, number in answers.items():
            place = (scope, question, answer)
            totals[place] = totals.get(place, 0) + number
    file.execute("DELETE FROM total")
    file.executemany("INSERT INTO total VALUES (?, ?, ?, ?)", [(*place, totals[place]) for place in sorted(totals)])


@contextmanager
def _change(file: sqlite3.Connection) -> Iterator[None]:
    file.execute("BEGIN IMMEDIATE")
    try:
        yield
        file.execute("COMMIT")
    except BaseException:
        if file.in_transaction:
            file.execute("ROLLBACK")
        raise
