"""One room as the relay sees it: the latest entries, and the connections that listen."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable

from tertulia.live.relay.entries import Entry

RING_ENTRIES = 2000
# A listener that has this much unsent is cut; it comes back and resumes.
SLOW_BYTES = 256 * 1024
HEARTBEAT = b":\n\n"


class Room:
    """Entries arrive in order and leave, joined, as one write per listener."""

    def __init__(self, name: str, epoch: str, last: int) -> None:
        self.name = name
        self.epoch = epoch
        self.last = last
        self.listeners: set[asyncio.Transport] = set()
        self._ring: deque[tuple[int, bytes]] = deque(maxlen=RING_ENTRIES)
        self._pending: list[bytes] = []

    def publish(self, entries: Iterable[Entry]) -> None:
        """Take entries that follow `last` without a gap (ValueError otherwise) and send them with the next flush."""
        was_idle = not self._pending
        for entry in entries:
            if entry.sequence != self.last + 1:
                raise ValueError(f"entry {entry.sequence} does not follow {self.last}")
            frame = entry.frame(self.epoch)
            self._ring.append((entry.sequence, frame))
            self.last = entry.sequence
            self._pending.append(frame)
        if not self.listeners:
            self._pending.clear()
        elif was_idle and self._pending:
            # What is published until the loop comes round leaves in the same write.
            asyncio.get_running_loop().call_soon(self._flush)

    def since(self, sequence: int) -> bytes | None:
        """The frames that follow `sequence`, joined; None if the ring no longer holds all of them."""
        missing = self.last - sequence
        if missing <= 0:
            return b""
        if missing > len(self._ring):
            return None
        return b"".join(frame for _, frame in list(self._ring)[-missing:])

    def listen(self, transport: asyncio.Transport, sequence: int) -> bool:
        """Add a listener that has everything up to `sequence`; False if the ring cannot fill its gap."""
        if transport.is_closing():
            return True
        self._flush()
        missed = self.since(sequence)
        if missed is None:
            return False
        if missed:
            transport.write(missed)
        self.listeners.add(transport)
        return True

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
