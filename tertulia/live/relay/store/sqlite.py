"""The room log in an SQLite file of its own."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tertulia.live.relay.store.log import CONTRADICTIONS, ENDED, Batch, Damaged, Head, Kept, Order, Sealed, new_epoch

# Seconds.
PATIENCE = 20
BETWEEN_TRIES = 0.02

_SCHEMA = """
CREATE TABLE IF NOT EXISTS room (name TEXT PRIMARY KEY, epoch TEXT NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entry (
    room TEXT NOT NULL, sequence INTEGER NOT NULL, once BLOB NOT NULL, box BLOB NOT NULL,
    PRIMARY KEY (room, sequence)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS entry_once ON entry (room, once);
CREATE TABLE IF NOT EXISTS room_order (
    room TEXT PRIMARY KEY, version INTEGER NOT NULL, box BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS away (author TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
"""
# Logs of an earlier release lack it.
_ABOUT = """
ALTER TABLE entry ADD COLUMN about INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entry_about ON entry (room, about) WHERE about > 0;
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
            self._lay_out()
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
        if any(draft.about for draft in drafts):
            self._try_to_empty_log_of_changes()
        return [answer[place] for place in range(len(drafts))]

    def order(self, room: str) -> Order | None:
        """See RoomLog."""
        query = "SELECT version, box FROM room_order WHERE room = ?"
        found = self._connection().execute(query, (room,)).fetchone()
        return Order(*found) if found else None

    def command(self, room: str, order: Order, told: Sealed | None) -> bool:
        """See RoomLog."""
        with self._transaction() as connection:
            query = """INSERT INTO room_order VALUES (?, ?, ?) ON CONFLICT (room) DO UPDATE
                       SET version = excluded.version, box = excluded.box WHERE room_order.version < excluded.version"""
            if not connection.execute(query, (room, order.version, order.box)).rowcount:
                return False
            self._append_to(connection, room, [told] if told else [])
        return True

    def send_away(self, authors: Collection[str], until: float) -> None:
        """See RoomLog."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM away WHERE until < ?", (time.time(),))
            connection.executemany("INSERT OR REPLACE INTO away VALUES (?, ?)", [(who, until) for who in authors])

    def sent_away(self) -> dict[str, float]:
        """See RoomLog."""
        return dict(self._connection().execute("SELECT author, until FROM away WHERE until >= ?", (time.time(),)))

    def read(self, room: str, after: int, limit: int) -> list[tuple[int, bytes]]:
        """See RoomLog."""
        query = "SELECT sequence, box FROM entry WHERE room = ? AND sequence > ? ORDER BY sequence LIMIT ?"
        return list(self._connection().execute(query, (room, after, limit)))

    def names(self, room: str, sequence: int = 0) -> list[tuple[int, bytes]]:
        """See RoomLog."""
        query = """SELECT sequence, once FROM entry
                   WHERE room = ? AND about = 0 AND (? = 0 OR sequence = ?) ORDER BY sequence"""
        return list(self._connection().execute(query, (room, sequence, sequence)))

    def latest(self, room: str, limit: int) -> list[tuple[int, bytes]]:
        """See RoomLog."""
        query = "SELECT sequence, box FROM entry WHERE room = ? ORDER BY sequence DESC LIMIT ?"
        return list(reversed(self._connection().execute(query, (room, limit)).fetchall()))

    def erase(self, room: str) -> None:
        """See RoomLog."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM entry WHERE room = ?", (room,))
            connection.execute("DELETE FROM room WHERE name = ?", (room,))
            connection.execute("DELETE FROM room_order WHERE room = ?", (room,))
        self._empty_log_of_changes()

    def rooms(self) -> list[str]:
        """See RoomLog."""
        return [name for (name,) in self._connection().execute("SELECT name FROM room ORDER BY name")]

    def renew(self) -> None:
        """See RoomLog."""
        with self._transaction() as connection:
            epochs = [(new_epoch(), room) for room in self.rooms()]
            connection.executemany("UPDATE room SET epoch = ? WHERE name = ?", epochs)

    def wakes(self, told: Callable[[str], None]) -> Callable[[], None]:  # noqa: ARG002 - nobody else writes to a file
        """See RoomLog."""
        return _be_silent

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
        # Only the last of all who have it open would do it, and that one may be killed. What cannot be done now stays.
        with suppress(sqlite3.DatabaseError):
            self._try_to_empty_log_of_changes()
        for connection in self._all:
            connection.close()
        self._all.clear()
        self._threads = threading.local()

    def _append_to(self, connection: sqlite3.Connection, room: str, drafts: list[Sealed]) -> list[Kept]:
        row = connection.execute("SELECT last FROM room WHERE name = ?", (room,)).fetchone()
        if row is None:
            connection.execute("INSERT INTO room VALUES (?, ?, 0)", (room, new_epoch()))
        batch = Batch(*self._there(connection, room, drafts), row[0] if row else 0).number(drafts)
        rows = [(room, sequence, draft.once, draft.box, draft.about) for sequence, draft in batch.fresh]
        connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", rows)
        for sequence, draft in batch.fresh:
            if draft.about:
                _rewrite(connection, sequence, draft)
        if batch.fresh:
            connection.execute("UPDATE room SET last = ? WHERE name = ?", (batch.last, room))
        return batch.kept

    def _there(
        self, connection: sqlite3.Connection, room: str, drafts: list[Sealed]
    ) -> tuple[dict[bytes, int], set[int]]:
        """Which of the drafts are there already, and which entries that they are about can be changed."""
        known: dict[bytes, int] = {}
        living: set[int] = set()
        for draft in drafts:
            found = connection.execute("SELECT sequence FROM entry WHERE room = ? AND once = ?", (room, draft.once))
            known.update((draft.once, sequence) for (sequence,) in found)
            if draft.about:
                query = "SELECT sequence FROM entry WHERE room = ? AND sequence = ? AND about = 0"
                living.update(sequence for (sequence,) in connection.execute(query, (room, draft.about)))
        return known, living

    def _lay_out(self) -> None:
        self._connection().executescript(_SCHEMA)
        with self._transaction() as connection:
            columns = [row[1] for row in connection.execute("PRAGMA table_info(entry)")]
            if "about" not in columns:
                for line in _ABOUT.strip().splitlines():
                    connection.execute(line)

    def _try_to_empty_log_of_changes(self) -> None:
        # What was taken back stands there still. Nobody waits for that: while others read it is left to the next one.
        self._connection().execute("PRAGMA busy_timeout = 0")
        self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._connection().execute(f"PRAGMA busy_timeout = {PATIENCE * 1000}")

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


def _rewrite(connection: sqlite3.Connection, sequence: int, draft: Sealed) -> None:
    """Put what `draft`, which has become the entry `sequence`, says into the place of what it is about."""
    query = "UPDATE entry SET box = ? WHERE room = ? AND about = ? AND sequence < ?"
    connection.execute(query, (draft.blank, draft.room, draft.about, sequence))
    about = ENDED if draft.ends else 0
    query = "UPDATE entry SET box = ?, about = ? WHERE room = ? AND sequence = ?"
    connection.execute(query, (draft.instead, about, draft.room, draft.about))


def _be_silent() -> None:
    """There is nothing to end."""
