"""The room log: what was said, in order, sealed, on disk before anybody is told.

Two stores behind one interface: an SQLite file of its own, or a schema of its own in PostgreSQL.
`append` is one transaction: it gives each new draft the next sequence of its room; a draft that
is there already keeps the sequence that it has.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Head:
    """Where a room's log stands: its `epoch` (random, new with every log) and its `last` sequence (0: empty)."""

    epoch: str
    last: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """A draft as the store sees it: `once` tells two tries of one draft apart from two drafts; `box` is sealed."""

    room: str
    once: bytes
    box: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a draft stands now, and whether this `append` put it there."""

    sequence: int
    is_new: bool


class Damaged(Exception):  # noqa: N818 - it describes the store
    """The store cannot be trusted; `str()` says what to do."""


class RoomLog(Protocol):
    """What the relay asks of a store; every call may block and belongs in a thread."""

    def head(self, room: str) -> Head:
        """Where the room's log stands; it is begun if there is none."""
        ...

    def append(self, drafts: Sequence[Sealed]) -> list[Kept]:
        """Put the drafts into the log, durably, in one transaction; the answer has their order."""
        ...

    def read(self, room: str, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Up to `limit` pairs (sequence, box) that follow `after`, in order."""
        ...

    def latest(self, room: str, limit: int) -> list[tuple[int, bytes]]:
        """The last `limit` pairs (sequence, box), in order."""
        ...

    def erase(self, room: str) -> None:
        """Remove the room's log with everything in it. TimeoutError if a file still holds it: erase it again."""
        ...

    def rooms(self) -> list[str]:
        """The names of the rooms that have a log, in order."""
        ...

    def renew(self) -> None:
        """Give every room a new epoch: what listeners remember of it, from before a restore, holds no more."""
        ...

    def verify(self) -> None:
        """Read the whole log; Damaged if it is broken or contradicts itself. It takes a while: once at the start."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...


# Rooms whose entries are not exactly 1 to the last that was given, and entries that belong to no room.
CONTRADICTIONS = """
SELECT name FROM {room} AS room LEFT JOIN
    (SELECT room, COUNT(*) AS entries, MIN(sequence) AS first, MAX(sequence) AS last FROM {entry} GROUP BY room)
    AS found ON found.room = room.name
WHERE room.last <> COALESCE(found.last, 0) OR room.last <> COALESCE(found.entries, 0) OR COALESCE(found.first, 1) <> 1
UNION ALL
SELECT DISTINCT room FROM {entry} AS entry WHERE room NOT IN (SELECT name FROM {room})
LIMIT 1
"""


def new_epoch() -> str:
    """A name for a new log: 48 random bits in hexadecimal."""
    return secrets.token_hex(6)


def number(drafts: Sequence[Sealed], known: dict[bytes, int], last: int) -> tuple[list[Kept], list[tuple[int, Sealed]]]:
    """Give the drafts of one room their sequences after `last`; `known` are those that are there already.

    Two equal drafts within one batch get one sequence.
    """
    kept: list[Kept] = []
    fresh: list[tuple[int, Sealed]] = []
    for draft in drafts:
        if draft.once in known:
            kept.append(Kept(known[draft.once], is_new=False))
            continue
        last += 1
        known[draft.once] = last
        kept.append(Kept(last, is_new=True))
        fresh.append((last, draft))
    return kept, fresh
