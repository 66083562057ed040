"""One room as the relay sees it: the latest entries, and the connections that listen."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from itertools import islice

from tertulia.live.relay.entries import Entry

RING_ENTRIES = 2000
# A listener that has this much unsent is cut; it comes back and resumes.
SLOW_BYTES = 256 * 1024
# So much of what a listener has missed is handed over at once.
CHUNK_BYTES = 64 * 1024
HEARTBEAT = b":\n\n"
RESET = b"event: reset\ndata: {}\n\n"


class Room:
    """Entries arrive in order and leave, joined, as one write per listener."""

    def __init__(self, name: str, epoch: str, last: int) -> None:
        self.name = name
        self.epoch = epoch
        self.last = last
        self.has_ended = False
        self.listeners: set[asyncio.Transport] = set()
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
            if self.listeners:
                self._pending.append(frame)
            if was_idle and self._pending:
                # What is published until the loop comes round leaves in the same write.
                asyncio.get_running_loop().call_soon(self._flush)
                was_idle = False

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

    def end(self) -> None:
        """Send all listeners away, to fetch the page anew, and keep nothing of what was said."""
        self.has_ended = True
        self._pending.clear()
        self._ring.clear()
        for transport in self.listeners:
            transport.write(RESET)
            transport.close()
        self.listeners.clear()

    def beat(self) -> None:
        """Keep silent connections open."""
        self._write(HEARTBEAT)

    def _flush(self) -> None:
        if self._pending:
            joined = b"".join(self._pending)
            self._pending.clear()
            self._write(joined)

    def _write(self, chunk: bytes) -> None:
        slow = []
        for transport in self.listeners:
            if transport.get_write_buffer_size() > SLOW_BYTES:
                slow.append(transport)
            else:
                transport.write(chunk)
        for transport in slow:
            self.listeners.discard(transport)
            transport.abort()
