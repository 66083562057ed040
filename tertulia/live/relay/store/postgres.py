"""The room log in a schema of its own in PostgreSQL."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import psycopg

from tertulia.live.relay.store.log import CONTRADICTIONS, Damaged, Head, Kept, Sealed, new_epoch, number

_SCHEMA = """
CREATE SCHEMA IF NOT EXISTS rooms;
CREATE TABLE IF NOT EXISTS rooms.room (name text PRIMARY KEY, epoch text NOT NULL, last bigint NOT NULL);
CREATE TABLE IF NOT EXISTS rooms.entry (
    room text NOT NULL, sequence bigint NOT NULL, once bytea NOT NULL, box bytea NOT NULL,
    PRIMARY KEY (room, sequence));
CREATE UNIQUE INDEX IF NOT EXISTS entry_once ON rooms.entry (room, once);
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
        try:
            with self._connection().transaction():
                self._connection().execute("SELECT pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
                self._connection().execute(_SCHEMA)
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
    def read(self, room: str, after: int, limit: int) -> list[tuple[int, bytes]]:
        """See RoomLog."""
        query = "SELECT sequence, box FROM rooms.entry WHERE room = %s AND sequence > %s ORDER BY sequence LIMIT %s"
        return list(self._connection().execute(query, (room, after, limit)))

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

    def _append_to(self, room: str, drafts: list[Sealed]) -> list[Kept]:
        connection = self._connection()
        while (row := connection.execute(_LOCK, (room,)).fetchone()) is None:
            self._begin_room(room)
        known_query = "SELECT once, sequence FROM rooms.entry WHERE room = %s AND once = ANY(%s)"
        found = connection.execute(known_query, (room, [draft.once for draft in drafts])).fetchall()
        kept, fresh = number(drafts, {bytes(once): sequence for once, sequence in found}, row[0])
        if fresh:
            rows = [(room, sequence, draft.once, draft.box) for sequence, draft in fresh]
            connection.cursor().executemany("INSERT INTO rooms.entry VALUES (%s, %s, %s, %s)", rows)
            connection.execute("UPDATE rooms.room SET last = %s WHERE name = %s", (fresh[-1][0], room))
        return kept

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
