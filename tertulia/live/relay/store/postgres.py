"""The room log in a schema of its own in PostgreSQL."""

from __future__ import annotations

import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import psycopg

from tertulia.live.relay.store.log import CONTRADICTIONS, ENDED, Batch, Damaged, Head, Kept, Order, Sealed, new_epoch
from tertulia.live.relay.store.wakes import CHANNEL, Wakes

_SCHEMA = """
CREATE SCHEMA IF NOT EXISTS rooms;
CREATE TABLE IF NOT EXISTS rooms.room (name text PRIMARY KEY, epoch text NOT NULL, last bigint NOT NULL);
CREATE TABLE IF NOT EXISTS rooms.entry (
    room text NOT NULL, sequence bigint NOT NULL, once bytea NOT NULL, box bytea NOT NULL,
    PRIMARY KEY (room, sequence));
CREATE UNIQUE INDEX IF NOT EXISTS entry_once ON rooms.entry (room, once);
ALTER TABLE rooms.entry ADD COLUMN IF NOT EXISTS about bigint NOT NULL DEFAULT 0;
CREATE INDEX IF NOT EXISTS entry_about ON rooms.entry (room, about) WHERE about > 0;
CREATE TABLE IF NOT EXISTS rooms.room_order (room text PRIMARY KEY, version bigint NOT NULL, box bytea NOT NULL);
CREATE TABLE IF NOT EXISTS rooms.away (author text PRIMARY KEY, until double precision NOT NULL);
"""
_LOCK = "SELECT last FROM rooms.room WHERE name = %s FOR UPDATE"
# Two that begin at once wait for each other here instead of both creating the schema.
_SCHEMA_LOCK = 7_364_201

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
Call = Callable[Concatenate["PostgresLog", Asked], Answer]


def _once_more(call: Call[Asked, Answer]) -> Call[Asked, Answer]:
    """If the line broke, perhaps long ago, try again on a new one; every call of a log may be made twice."""

    @wraps(call)
    def attempt(log: PostgresLog, /, *arguments: Asked.args, **options: Asked.kwargs) -> Answer:
        try:
            return call(log, *arguments, **options)
        except psycopg.OperationalError:
            if not log.has_broken():
                raise
            return call(log, *arguments, **options)

    return attempt


class PostgresLog:
    """One connection per thread; a connection that broke is made anew."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._threads = threading.local()
        self._all: set[psycopg.Connection] = set()
        self._mark = secrets.token_hex(8)
        try:
            self._lay_out()
        except psycopg.Error as fault:
            raise Damaged(f"the room log in PostgreSQL cannot be opened: {str(fault).strip()}") from fault

    @_once_more
    def head(self, room: str) -> Head:
        """See RoomLog."""
        query = "SELECT epoch, last FROM rooms.room WHERE name = %s"
        found = self._connection().execute(query, (room,)).fetchone()
        if found:
            return Head(*found)
        self._begin_room(room)
        return self.head(room)

    @_once_more
    def append(self, drafts: Sequence[Sealed]) -> list[Kept]:
        """See RoomLog; the row of each room is locked, in the order of their names, until the commit."""
        by_room: dict[str, list[int]] = defaultdict(list)
        for place, draft in enumerate(drafts):
            by_room[draft.room].append(place)
        answer: dict[int, Kept] = {}
        with self._connection().transaction():
            for room in sorted(by_room):
                kept = self._append_to(room, [drafts[place] for place in by_room[room]])
                answer.update(zip(by_room[room], kept, strict=True))
        return [answer[place] for place in range(len(drafts))]

    @_once_more
    def order(self, room: str) -> Order | None:
        """See RoomLog."""
        query = "SELECT version, box FROM rooms.room_order WHERE room = %s"
        found = self._connection().execute(query, (room,)).fetchone()
        return Order(*found) if found else None

    @_once_more
    def command(self, room: str, order: Order, told: Sealed | None) -> bool:
        """See RoomLog."""
        with self._connection().transaction():
            self._lock(room)
            found = self.order(room)
            if found and found.version >= order.version:
                return False
            query = """INSERT INTO rooms.room_order VALUES (%s, %s, %s) ON CONFLICT (room) DO UPDATE
                       SET version = excluded.version, box = excluded.box"""
            self._connection().execute(query, (room, order.version, order.box))
            self._append_to(room, [told] if told else [])
            self._wake(room)
        return True

    @_once_more
    def send_away(self, authors: Collection[str], until: float) -> None:
        """See RoomLog."""
        with self._connection().transaction():
            self._connection().execute("DELETE FROM rooms.away WHERE until < %s", (time.time(),))
            query = """INSERT INTO rooms.away VALUES (%s, %s) ON CONFLICT (author) DO UPDATE
                       SET until = greatest(away.until, excluded.until)"""
            self._connection().cursor().executemany(query, [(who, until) for who in sorted(authors)])
            self._wake("")

    @_once_more
    def sent_away(self) -> dict[str, float]:
        """See RoomLog."""
        query = "SELECT author, until FROM rooms.away WHERE until >= %s"
        return dict(self._connection().execute(query, (time.time(),)).fetchall())

    @_once_more
    def read(self, room: str, after: int, limit: int) -> list[tuple[int, bytes]]:
        """See RoomLog."""
        query = "SELECT sequence, box FROM rooms.entry WHERE room = %s AND sequence > %s ORDER BY sequence LIMIT %s"
        return list(self._connection().execute(query, (room, after, limit)))

    @_once_more
    def names(self, room: str, sequence: int = 0) -> list[tuple[int, bytes]]:
        """See RoomLog."""
        query = """SELECT sequence, once FROM rooms.entry
                   WHERE room = %s AND about = 0 AND (%s = 0 OR sequence = %s) ORDER BY sequence"""
        return list(self._connection().execute(query, (room, sequence, sequence)))

    @_once_more
    def latest(self, room: str, limit: int) -> list[tuple[int, bytes]]:
        """See RoomLog."""
        query = "SELECT sequence, box FROM rooms.entry WHERE room = %s ORDER BY sequence DESC LIMIT %s"
        return list(reversed(self._connection().execute(query, (room, limit)).fetchall()))

    @_once_more
    def erase(self, room: str) -> None:
        """See RoomLog."""
        with self._connection().transaction():
            # First the lock that a writer holds: else what it commits just now would stay behind without a room.
            if self._connection().execute(_LOCK, (room,)).fetchone():
                self._connection().execute("DELETE FROM rooms.entry WHERE room = %s", (room,))
                self._connection().execute("DELETE FROM rooms.room WHERE name = %s", (room,))
                self._connection().execute("DELETE FROM rooms.room_order WHERE room = %s", (room,))

    @_once_more
    def rooms(self) -> list[str]:
        """See RoomLog."""
        return [name for (name,) in self._connection().execute("SELECT name FROM rooms.room ORDER BY name")]

    @_once_more
    def renew(self) -> None:
        """See RoomLog."""
        with self._connection().transaction():
            epochs = [(new_epoch(), room) for room in self.rooms()]
            self._connection().cursor().executemany("UPDATE rooms.room SET epoch = %s WHERE name = %s", epochs)

    @_once_more
    def verify(self) -> None:
        """See RoomLog."""
        query = CONTRADICTIONS.format(room="rooms.room", entry="rooms.entry")
        found = self._connection().execute(query.encode()).fetchone()
        if found:
            why = f"the room log in PostgreSQL contradicts itself in room {found[0]}"
            raise Damaged(f"{why}: restore the database from the last backup")

    def wakes(self, told: Callable[[str], None]) -> Callable[[], None]:
        """See RoomLog."""
        return Wakes(self.address, self._mark, told).stop

    def has_broken(self) -> bool:
        """Whether this thread's connection has come to an end by itself."""
        connection: psycopg.Connection | None = getattr(self._threads, "connection", None)
        return connection is not None and connection.broken

    def close(self) -> None:
        """See RoomLog."""
        for connection in list(self._all):
            connection.close()
        self._all.clear()
        self._threads = threading.local()

    def _lay_out(self) -> None:
        """Make what is not there; where all is, no table is locked, which others may be writing to."""
        with self._connection().transaction():
            self._connection().execute("SELECT pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
            (newest,) = self._connection().execute("SELECT to_regclass('rooms.away')").fetchone() or (None,)
            if newest is None:
                self._connection().execute(_SCHEMA)

    def _append_to(self, room: str, drafts: list[Sealed]) -> list[Kept]:
        last = self._lock(room)
        batch = Batch(*self._there(room, drafts), last).number(drafts)
        if batch.fresh:
            rows = [(room, sequence, draft.once, draft.box, draft.about) for sequence, draft in batch.fresh]
            self._connection().cursor().executemany("INSERT INTO rooms.entry VALUES (%s, %s, %s, %s, %s)", rows)
            for sequence, draft in batch.fresh:
                if draft.about:
                    self._rewrite(sequence, draft)
            self._connection().execute("UPDATE rooms.room SET last = %s WHERE name = %s", (batch.last, room))
            self._wake(room)
        return batch.kept

    def _lock(self, room: str) -> int:
        """Keep others from writing in the room until the end of the transaction; its last sequence."""
        while (row := self._connection().execute(_LOCK, (room,)).fetchone()) is None:
            self._begin_room(room)
        last: int = row[0]
        return last

    def _there(self, room: str, drafts: list[Sealed]) -> tuple[dict[bytes, int], set[int]]:
        """Which of the drafts are there already, and which entries that they are about can be changed."""
        query = "SELECT once, sequence FROM rooms.entry WHERE room = %s AND once = ANY(%s)"
        found = self._connection().execute(query, (room, [draft.once for draft in drafts])).fetchall()
        known = {bytes(once): sequence for once, sequence in found}
        abouts = [draft.about for draft in drafts if draft.about]
        query = "SELECT sequence FROM rooms.entry WHERE room = %s AND sequence = ANY(%s) AND about = 0"
        living = self._connection().execute(query, (room, abouts)).fetchall() if abouts else []
        return known, {sequence for (sequence,) in living}

    def _rewrite(self, sequence: int, draft: Sealed) -> None:
        """Put what `draft`, which has become the entry `sequence`, says into the place of what it is about."""
        query = "UPDATE rooms.entry SET box = %s WHERE room = %s AND about = %s AND sequence < %s"
        self._connection().execute(query, (draft.blank, draft.room, draft.about, sequence))
        about = ENDED if draft.ends else 0
        query = "UPDATE rooms.entry SET box = %s, about = %s WHERE room = %s AND sequence = %s"
        self._connection().execute(query, (draft.instead, about, draft.room, draft.about))

    def _wake(self, room: str) -> None:
        """Have the other relays look at the room ("": at who was sent away) once this is committed."""
        self._connection().execute("SELECT pg_notify(%s, %s)", (CHANNEL, f"{self._mark} {room}"))

    def _begin_room(self, room: str) -> None:
        begin = "INSERT INTO rooms.room VALUES (%s, %s, 0) ON CONFLICT DO NOTHING"
        self._connection().execute(begin, (room, new_epoch()))

    def _connection(self) -> psycopg.Connection:
        connection: psycopg.Connection | None = getattr(self._threads, "connection", None)
        if connection is None or connection.closed:
            self._all -= {connection}
            connection = psycopg.connect(self.address, autocommit=True, connect_timeout=10)
            connection.execute("SET synchronous_commit = on")
            self._threads.connection = connection
            self._all.add(connection)
        return connection
