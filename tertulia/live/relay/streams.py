"""The streams that stand open, by whose ticket, and which tickets are taken no more."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Protocol

from tertulia.live.relay.room import Room
from tertulia.live.relay.tickets import Ticket


class Stream(Protocol):
    """A stream that stands open by a ticket."""

    ticket: Ticket

    def expire(self) -> None:
        """End it, as when its ticket is over."""
        ...

    def tell(self, frame: bytes) -> None:
        """Send it an event of its own."""
        ...


class Streams:
    """All streams of a relay, also those that are still being told what they missed."""

    def __init__(self) -> None:
        self._open: set[Stream] = set()
        self._sent_away: Mapping[str, float] = {}

    def __len__(self) -> int:
        return len(self._open)

    def add(self, stream: Stream) -> None:
        """It stands open from now on."""
        self._open.add(stream)

    def discard(self, stream: Stream) -> None:
        """It has ended."""
        self._open.discard(stream)

    def of(self, room: Room) -> list[Stream]:
        """Those of the room."""
        return [stream for stream in self._open if stream.ticket.room == room.name]

    def sent_away(self) -> Iterable[str]:
        """The authors who were sent away within the time of a ticket."""
        return self._sent_away.keys()

    def learn(self, sent_away: Mapping[str, float]) -> None:
        """Take no ticket that was made for one of these authors to be over by then (Unix seconds)."""
        self._sent_away = sent_away
        self._end(lambda stream: not self._takes(stream.ticket))

    def end_of(self, authors: Collection[str]) -> int:
        """End all those of these authors; how many there were."""
        return self._end(lambda stream: stream.ticket.author in authors)

    def shut_out(self, room: Room) -> None:
        """End those of the room whom its control does not admit any more."""
        self._end(lambda stream: stream.ticket.room == room.name and not self.admits(stream.ticket, room))

    def admits(self, ticket: Ticket, room: Room) -> bool:
        """Whether the ticket was made after its author was last sent away and for the room's door as it is now.

        And whether the author is not banned. A ticket of the very second of sending away is not taken.
        """
        is_banned = room.control.banned.get(ticket.author, 0.0) > time.time()
        return self._takes(ticket) and ticket.door >= room.control.door and not is_banned

    def _takes(self, ticket: Ticket) -> bool:
        return ticket.expires > self._sent_away.get(ticket.author, 0.0)

    def _end(self, ends: Callable[[Stream], bool]) -> int:
        ending = [stream for stream in self._open if ends(stream)]
        for stream in ending:
            stream.expire()
        return len(ending)
