"""The room log: what was said, in order, sealed, on disk before anybody is told.

Two stores behind one interface: an SQLite file of its own, or a schema of its own in PostgreSQL.
`append` is one transaction: it gives each new draft the next sequence of its room; a draft that
is there already keeps the sequence that it has. A draft may be about an earlier entry, and then
that entry is rewritten in the same transaction: what somebody took back is in no row any more.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Head:
    """Where a room's log stands: its `epoch` (random, new with every log) and its `last` sequence (0: empty)."""

    epoch: str
    last: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """A draft as the store sees it: `once` tells two tries of one draft apart from two drafts; boxes are sealed.

    One that is about an earlier entry (`about` is its sequence, else 0) puts the box `instead` into that one's place,
    and `blank` into the place of all that was about it before. With `ends`, nothing can be about it any more.
    """

    room: str
    once: bytes
    box: bytes
    about: int = 0
    instead: bytes = b""
    blank: bytes = b""
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a draft stands now, and whether this `append` put it there.

    Sequence 0: nowhere, since what it is about is not there, or was ended.
    """

    sequence: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Order:
    """How a room is to be kept from now on: `version` counts up, `box` is sealed."""

    version: int
    box: bytes


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

    def order(self, room: str) -> Order | None:
        """The order that holds in the room; None before the first."""
        ...

    def command(self, room: str, order: Order, told: Sealed | None) -> bool:
        """Let the order hold, and append `told`, in one transaction; False if a later one, or this one, holds."""
        ...

    def send_away(self, authors: Collection[str], until: float) -> None:
        """Note that tickets of these authors are not taken until that moment (Unix seconds); notes that are over go."""
        ...

    def sent_away(self) -> dict[str, float]:
        """Whose tickets are not taken, and until when (Unix seconds)."""
        ...

    def read(self, room: str, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Up to `limit` pairs (sequence, box) that follow `after`, in order."""
        ...

    def names(self, room: str, sequence: int = 0) -> list[tuple[int, bytes]]:
        """The (sequence, once) of all entries of the room that can be changed, or of that one alone."""
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

    def wakes(self, told: Callable[[str], None]) -> Callable[[], None]:
        """Call `told`, in another thread, with each room to which another process has written, from now on.

        "" stands for who was sent away, "*" for any room. The answer is what ends it.
        """
        ...

    def verify(self) -> None:
        """Read the whole log; Damaged if it is broken or contradicts itself. It takes a while: once at the start."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...


# What relays are told when any room may have been written to.
EVERYWHERE = "*"
# What `about` holds for an entry that was taken back: nothing can be about it any more.
ENDED = -1

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
    return os.urandom(6).hex()


@dataclass
class Batch:
    """What becomes of the drafts of one room: `known` are there already, `living` are entries that can be changed."""

    known: dict[bytes, int]
    living: set[int]
    last: int
    kept: list[Kept] = field(default_factory=list)
    fresh: list[tuple[int, Sealed]] = field(default_factory=list)

    def number(self, drafts: Sequence[Sealed]) -> Batch:
        """Give the drafts their sequences after `last`; two equal ones get one, and who is too late gets none."""
        for draft in drafts:
            self.kept.append(self._place(draft))
        return self

    def _place(self, draft: Sealed) -> Kept:
        if draft.once in self.known:
            return Kept(self.known[draft.once], is_new=False)
        if draft.about and draft.about not in self.living:
            return Kept(0, is_new=False)
        if draft.ends:
            self.living.discard(draft.about)
        self.last += 1
        self.known[draft.once] = self.last
        self.fresh.append((self.last, draft))
        return Kept(self.last, is_new=True)
