"""The room log in an SQLite file of its own."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tertulia.live.relay.store.log import CONTRADICTIONS, Damaged, Head, Kept, Sealed, new_epoch, number

# Seconds.
PATIENCE = 20
BETWEEN_TRIES = 0.02

_SCHEMA = """
CREATE TABLE IF NOT EXISTS room (name TEXT PRIMARY KEY, epoch TEXT NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entry (
    room TEXT NOT NULL, sequence INTEGER NOT NULL, once BLOB NOT NULL, box BLOB NOT NULL,
    PRIMARY KEY (room, sequence)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS entry_once ON entry (room, once);
"""


class SqliteLog:
    """One file; one connection per thread; every commit reaches the disk before `append` returns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._threads = threading.local()
        self._all: list[sqlite3.Connection] = []
        try:
            # Its owner's alone; what SQLite puts beside it takes after it.
            path.touch(mode=0o600)
            self._connection().executescript(_SCHEMA)
        except OSError as fault:
            raise Damaged(f"the room log {path} cannot be opened: {fault.strerror}") from fault
        except sqlite3.DatabaseError as fault:
            raise self._damaged(fault) from fault

    def head(self, room: str) -> Head:
        """See RoomLog."""
        found = self._connection().execute("SELECT epoch, last FROM room WHERE name = ?", (room,)).fetchone()
        if found:
            return Head(*found)
        with self._transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO room VALUES (?, ?, 0)", (room, new_epoch()))
        return self.head(room)

    def append(self, drafts: Sequence[Sealed]) -> list[Kept]:
        """See RoomLog."""
        by_room: dict[str, list[int]] = defaultdict(list)
        for place, draft in enumerate(drafts):
            by_room[draft.room].append(place)
        answer: dict[int, Kept] = {}
        with self._transaction() as connection:
            for room, places in by_room.items():
                kept = self._append_to(connection, room, [drafts[place] for place in places])
                answer.update(zip(places, kept, strict=True))
        return [answer[place] for place in range(len(drafts))]

    def read(self, room: str, after: int, limit: int) -> list[tuple[int, bytes]]:
        """See RoomLog."""
        query = "SELECT sequence, box FROM entry WHERE room = ? AND sequence > ? ORDER BY sequence LIMIT ?"
        return list(self._connection().execute(query, (room, after, limit)))

    def latest(self, room: str, limit: int) -> list[tuple[int, bytes]]:
        """See RoomLog."""
        query = "SELECT sequence, box FROM entry WHERE room = ? ORDER BY sequence DESC LIMIT ?"
        return list(reversed(self._connection().execute(query, (room, limit)).fetchall()))

    def erase(self, room: str) -> None:
        """See RoomLog."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM entry WHERE room = ?", (room,))
            connection.execute("DELETE FROM room WHERE name = ?", (room,))
        self._empty_log_of_changes()

    def rooms(self) -> list[str]:
        """See RoomLog."""
        return [name for (name,) in self._connection().execute("SELECT name FROM room ORDER BY name")]

    def renew(self) -> None:
        """See RoomLog."""
        with self._transaction() as connection:
            epochs = [(new_epoch(), room) for room in self.rooms()]
            connection.executemany("UPDATE room SET epoch = ? WHERE name = ?", epochs)

    def verify(self) -> None:
        """See RoomLog."""
        try:
            verdict = self._connection().execute("PRAGMA quick_check(1)").fetchone()[0]
            found = self._connection().execute(CONTRADICTIONS.format(room="room", entry="entry")).fetchone()
        except sqlite3.DatabaseError as fault:
            raise self._damaged(fault) from fault
        if verdict != "ok":
            raise self._damaged(verdict)
        if found:
            raise self._damaged(f"room {found[0]} contradicts itself")

    def close(self) -> None:
        """See RoomLog."""
        for connection in self._all:
            connection.close()
        self._all.clear()
        self._threads = threading.local()

    def _append_to(self, connection: sqlite3.Connection, room: str, drafts: list[Sealed]) -> list[Kept]:
        row = connection.execute("SELECT last FROM room WHERE name = ?", (room,)).fetchone()
        if row is None:
            connection.execute("INSERT INTO room VALUES (?, ?, 0)", (room, new_epoch()))
        known: dict[bytes, int] = {}
        for draft in drafts:
            found = connection.execute("SELECT sequence FROM entry WHERE room = ? AND once = ?", (room, draft.once))
            known.update((draft.once, sequence) for (sequence,) in found)
        kept, fresh = number(drafts, known, row[0] if row else 0)
        rows = [(room, sequence, draft.once, draft.box) for sequence, draft in fresh]
        connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?)", rows)
        if fresh:
            connection.execute("UPDATE room SET last = ? WHERE name = ?", (fresh[-1][0], room))
        return kept

    def _empty_log_of_changes(self) -> None:
        # SQLite waits for those who read, but not for another who empties it at this moment: that one is asked again.
        patience_ends = time.monotonic() + PATIENCE
        while True:
            is_busy, _pages, _written = self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not is_busy:
                return
            if time.monotonic() > patience_ends:
                raise TimeoutError("the log of changes is being read")
            time.sleep(BETWEEN_TRIES)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._threads, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
                connection.execute(f"PRAGMA {pragma}")
            self._threads.connection = connection
            self._all.append(connection)
        return connection

    def _damaged(self, why: object) -> Damaged:
        line = " ".join(str(why).split())
        return Damaged(f"the room log {self.path} cannot be used ({line}): restore it from the last backup")
