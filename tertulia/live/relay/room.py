"""One room as the relay sees it: the latest entries, and the connections that listen."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from itertools import islice

from tertulia.live.relay.control import Control
from tertulia.live.relay.entries import Entry, Position
from tertulia.live.relay.fanout import SOON, Outlet
from tertulia.live.relay.floor import Floor

RING_ENTRIES = 2000
# A listener that has this much unsent is cut; it comes back and resumes.
SLOW_BYTES = 256 * 1024
# So much of what a listener has missed is handed over at once.
CHUNK_BYTES = 64 * 1024
HEARTBEAT = b":\n\n"
RESET = b"event: reset\ndata: {}\n\n"
TICKET = b"event: ticket\ndata: {}\n\n"
WAITING = b"event: waiting\ndata: {}\n\n"
# How many are here is said in steps of so many, from so many on; fewer than ten are not counted out.
STEPS = ((1000, 100), (100, 20), (10, 10))


class Room:
    """Entries arrive in order and leave, joined, as one write per listener."""

    def __init__(self, name: str, epoch: str, last: int) -> None:
        self.name = name
        self.epoch = epoch
        self.last = last
        self.has_ended = False
        self.listeners: set[asyncio.Transport] = set()
        self.moderators: set[asyncio.Transport] = set()
        self.version = 0
        self.control = Control()
        self.floor = Floor()
        # Where what is said goes on to, if others send it to most listeners; and who waits to be sent on there.
        self.outlet: Outlet | None = None
        self.guests: set[asyncio.Transport] = set()
        self._told_here = 0
        self._ring: deque[bytes] = deque(maxlen=RING_ENTRIES)
        self._pending: list[bytes] = []

    def publish(self, entries: Iterable[Entry]) -> None:
        """Take entries that follow `last` without a gap (ValueError otherwise) and send them with the next flush."""
        was_idle = not self._pending
        for entry in entries:
            if entry.sequence != self.last + 1:
                raise ValueError(f"entry {entry.sequence} does not follow {self.last}")
            frame = entry.frame(self.epoch)
            self._ring.append(frame)
            self.last = entry.sequence
            if self.listeners or self.outlet:
                self._pending.append(frame)
            if was_idle and self._pending:
                # What is published until the loop comes round leaves in the same write.
                asyncio.get_running_loop().call_soon(self._flush)
                was_idle = False

    def rewrite(self, about: int, instead: bytes, left: bytes) -> None:
        """Put `instead` into the place of the entry `about`, and `left` into that of what was about it before.

        The last entry, which is what changes it, stays.
        """
        first, edited = self.last - len(self._ring) + 1, b'\ndata: {"kind":"edited","of":%d,' % about
        for place, frame in enumerate(list(self._ring)[:-1]):
            if first + place == about:
                self._ring[place] = Entry(about, instead).frame(self.epoch)
            elif edited in frame:
                self._ring[place] = Entry(first + place, left).frame(self.epoch)
        if self.outlet:
            self.outlet.rewritten(self.last)

    def forget(self, upto: int) -> None:
        """Hold nothing of the entries up to that sequence: who has missed them is given them from the store."""
        while self._ring and self.last - len(self._ring) < upto:
            self._ring.popleft()
        if upto and self.outlet:
            self.outlet.rewritten(self.last)

    def is_at(self, start: Position | None) -> bool:
        """Whether who begins at `start` has missed nothing."""
        return start is None or (start.epoch == self.epoch and start.sequence == self.last)

    def since(self, sequence: int) -> tuple[bytes, int] | None:
        """Frames that follow `sequence`, joined, about CHUNK_BYTES of them, and the sequence that they reach.

        None if the ring no longer holds the first of them.
        """
        start = len(self._ring) - (self.last - sequence)
        if start < 0:
            return None
        chunk: list[bytes] = []
        size = 0
        for frame in islice(self._ring, start, None):
            chunk.append(frame)
            size += len(frame)
            if size >= CHUNK_BYTES:
                break
        return b"".join(chunk), sequence + len(chunk)

    def listen(self, transport: asyncio.Transport) -> bool:
        """Add a listener that has everything up to `last`; False if the room has ended."""
        if self.has_ended:
            return False
        if not transport.is_closing():
            self._flush()
            self.listeners.add(transport)
        return True

    def leave(self, transport: asyncio.Transport) -> None:
        """Send nothing more to that one."""
        self.listeners.discard(transport)
        self.moderators.discard(transport)
        self.guests.discard(transport)

    def send_on(self) -> None:
        """Let those come back who were told here what they had missed: now others can tell them the rest."""
        if self._pending:
            return
        for transport in self.guests & self.listeners:
            self.leave(transport)
            transport.write(SOON)
            transport.close()

    def end(self) -> None:
        """Send all listeners away, to fetch the page anew, and keep nothing of what was said."""
        self.has_ended = True
        self._pending.clear()
        self._ring.clear()
        for transport in self.listeners:
            transport.write(RESET)
            transport.close()
        self.listeners.clear()
        self.moderators.clear()
        self.guests.clear()

    def beat(self) -> None:
        """Keep silent connections open, and say how many are here if that has changed."""
        here = rounded(len(self.listeners) + (self.outlet.listeners() if self.outlet else 0))
        self._write(HEARTBEAT if here == self._told_here else here_frame(here))
        self._told_here = here
        if self.outlet:
            self.outlet.give_sign()

    def here(self) -> bytes:
        """What somebody who has just come is told of how many are here: as much as the others were told last."""
        return here_frame(self._told_here)

    def present(self) -> bytes:
        """What somebody is told who has heard everything there is, and how far that goes."""
        return b'event: present\ndata: {"at":%d}\n\n' % self.last

    def tell_moderators(self) -> None:
        """Something waits for them, or does not any more."""
        for transport in self.moderators:
            transport.write(WAITING)

    def _flush(self) -> None:
        if self._pending:
            joined = b"".join(self._pending)
            self._pending.clear()
            self._write(joined)
            if self.outlet:
                self.outlet.take(joined, self.last)

    def _write(self, chunk: bytes) -> None:
        slow = []
        for transport in self.listeners:
            if transport.get_write_buffer_size() > SLOW_BYTES:
                slow.append(transport)
            else:
                transport.write(chunk)
        for transport in slow:
            self.leave(transport)
            transport.abort()


def rounded(count: int) -> int:
    """How many listeners are said to be here: in steps, downward; 0 for fewer than ten.

    It is told with the heartbeat only, so that nobody is seen to come or go.
    """
    step = next((step for least, step in STEPS if count >= least), 0)
    return count // step * step if step else 0


def here_frame(count: int) -> bytes:
    """The event that says how many are here."""
    return b'event: here\ndata: {"about": %d}\n\n' % count
