"""The relay: takes drafts, commits what gathered, publishes what is committed, fills what a listener missed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from tertulia.kit.sealing import KeyStore, Unreadable
from tertulia.live.relay.boxes import Boxes
from tertulia.live.relay.entries import Draft, Entry, Position
from tertulia.live.relay.flood import Flood
from tertulia.live.relay.room import Room
from tertulia.live.relay.store import open_log
from tertulia.live.relay.store.log import Kept, Sealed
from tertulia.live.relay.tickets import MINUTES, Ticket

HEARTBEAT_SECONDS = 45
READ_AT_ONCE = 500
# Everything that gathered during the last commit goes into the next one, up to this many.
BATCH = 1000

# So long may connections take to let go when the relay stops.
FAREWELL_SECONDS = 2.0
# A log that has not answered by then is not there.
LOOK_SECONDS = 2.0
# Whoever is further behind than this fetches the page anew instead of hearing it all again.
BEHIND = 5000

Answer = TypeVar("Answer")
# Faults are logged by kind, without a traceback: it could quote what somebody wrote.
log = logging.getLogger("tertulia.relay")


class Stream(Protocol):
    """A stream that stands open by the ticket of an author."""

    author: str

    def expire(self) -> None:
        """End it, as when its ticket is over."""
        ...


class NotStored(Exception):  # noqa: N818 - an answer to the sender
    """The draft is not on disk; sending it again, with the same id, is safe."""


class NoSuchRoom(Exception):  # noqa: N818 - an answer to the sender
    """There is no such room, or its text has been erased."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft that waits for the next commit; `done` gets its sequence, or NotStored."""

    sealed: Sealed
    body: bytes
    done: asyncio.Future[int]


class Relay:
    """Lives in one event loop; the store is only touched from its one writer thread and its reader threads."""

    def __init__(self, store_address: str, keys: KeyStore, ticket_key: bytes, hub_path: Path | None = None) -> None:
        self.keys = keys
        self.ticket_key = ticket_key
        self.hub_path = hub_path
        self.boxes = Boxes(keys)
        self.flood = Flood()
        self.closing = False
        self.connections: set[asyncio.Transport] = set()
        self.streams: set[Stream] = set()
        self._sent_away: dict[str, float] = {}
        self._store = open_log(store_address)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="room-log-writer")
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="room-log-reader")
        self._rooms: dict[str, Room] = {}
        self._opening: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiting: list[Waiting] = []
        self._committer: asyncio.Task[None] | None = None
        self._pulse: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look whether the log is whole (Damaged if not) and begin to beat; called in the event loop."""
        self._store.verify()
        self._pulse = asyncio.create_task(self._beat())

    async def stop(self) -> None:
        """Finish what is being committed, end the streams, let go of the store."""
        self.closing = True
        if self._pulse:
            self._pulse.cancel()
        if self._committer:
            await asyncio.wait({self._committer})
        await self._part()
        self._writer.shutdown()
        # A reader that still waits for its answer must not hold up those to whom it would be given.
        await asyncio.to_thread(self._readers.shutdown)
        self._store.close()

    async def say(self, draft: Draft) -> int:
        """Put `draft` into its room's log; the sequence it has there, once it is on disk.

        The same draft (room, author, client id) said again gets the same sequence and is not published
        twice. NoSuchRoom; NotStored when the disk or the database refuses, or the relay is closing.
        """
        await self.room(draft.room)
        if self.closing:
            raise NotStored("the relay is closing")
        try:
            sealed = self.boxes.seal(draft)
        except Unreadable as fault:
            raise NoSuchRoom(draft.room) from fault
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append(Waiting(sealed, draft.body, done))
        if self._committer is None:
            self._committer = asyncio.create_task(self._commit())
        return await done

    async def lacking(self) -> list[str]:
        """What stands in the way of serving, of "keys", "log" and "closing"; nothing is in the way of a sound relay."""
        lacks = [] if self.keys.is_open() else ["keys"]
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._in_thread(self._store.read, "", 0, 1)
        except Exception as fault:  # noqa: BLE001 - whatever a store raises, it is not there
            log.warning("the room log did not answer: %s", type(fault).__name__)
            lacks.append("log")
        return [*lacks, "closing"] if self.closing else lacks

    async def room(self, name: str) -> Room:
        """The room called `name`; NoSuchRoom if it was never opened or its text is erased, from that moment on."""
        if not self.boxes.has_room(name):
            self._end(name)
            raise NoSuchRoom(name)
        if name in self._rooms:
            return self._rooms[name]
        async with self._opening[name]:
            if name not in self._rooms:
                head = await self._in_thread(self._store.head, name)
                self._rooms[name] = Room(name, head.epoch, head.last)
        self._opening.pop(name, None)
        return self._rooms[name]

    def send_away(self, authors: Collection[str]) -> int:
        """Take no ticket any more that was made for one of the `authors` until now, and end their streams; how many."""
        now = time.time()
        # Older tickets are over by themselves.
        self._sent_away = {who: then for who, then in self._sent_away.items() if then > now - MINUTES * 60}
        self._sent_away |= dict.fromkeys(authors, now)
        ending = [stream for stream in self.streams if stream.author in authors]
        for stream in ending:
            stream.expire()
        return len(ending)

    def admits(self, ticket: Ticket) -> bool:
        """Whether the ticket was made after its author was last sent away; one of the very same second was not."""
        return ticket.expires - MINUTES * 60 > self._sent_away.get(ticket.author, 0.0)

    async def listen(
        self,
        room: Room,
        transport: asyncio.Transport,
        start: Position | None,
        drained: Callable[[], Awaitable[None]],
    ) -> bool:
        """Let `transport` hear everything after `start` (None: from now on), without a gap and without a double.

        What it missed goes out piece by piece; `drained` waits until it has taken a piece.
        False if `start` is not a place in this log (another epoch, or ahead of it), or too far back: fetch anew.
        """
        if start is None:
            return room.listen(transport)
        if start.sequence > room.last:
            await self._catch_up(room)
        if start.epoch != room.epoch or not 0 <= room.last - start.sequence <= BEHIND:
            return False
        sequence = start.sequence
        while sequence < room.last and not transport.is_closing():
            missed = room.since(sequence) or await self._from_store(room, sequence)
            if missed is None:
                return False
            frames, sequence = missed
            transport.write(frames)
            await drained()
        return room.listen(transport)

    async def read(self, room: Room, after: int) -> list[Entry]:
        """The next entries that follow `after`, from the store."""
        rows = await self._in_thread(self._store.read, room.name, after, READ_AT_ONCE)
        return [self.boxes.open(room.name, sequence, box) for sequence, box in rows]

    async def _from_store(self, room: Room, after: int) -> tuple[bytes, int] | None:
        """As `Room.since`. What is committed and not published yet stays out: it is about to come by itself."""
        entries = [entry for entry in await self.read(room, after) if entry.sequence <= room.last]
        return (b"".join(entry.frame(room.epoch) for entry in entries), entries[-1].sequence) if entries else None

    async def _catch_up(self, room: Room) -> None:
        """Publish what is in the store although nobody was told: a commit whose answer was lost."""
        head = await self._in_thread(self._store.head, room.name)
        if head.epoch == room.epoch:
            await self._publish_in(room, head.last, {})

    async def _commit(self) -> None:
        """Commit what has gathered, again and again until nothing is left; there is no fixed window."""
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                try:
                    kept = await loop.run_in_executor(
                        self._writer, self._store.append, [waiting.sealed for waiting in batch]
                    )
                except Exception as fault:  # noqa: BLE001 - whatever the store raises, nobody may be told "sent"
                    log.error("a batch of %d was not stored: %s", len(batch), type(fault).__name__)  # noqa: TRY400
                    for waiting in batch:
                        _settle(waiting.done, NotStored("the message could not be stored"))
                    continue
                await self._publish(batch, kept)
        finally:
            self._committer = None

    async def _publish(self, batch: list[Waiting], kept: list[Kept]) -> None:
        fresh: dict[str, dict[int, Entry]] = defaultdict(dict)
        highest: dict[str, int] = defaultdict(int)
        for waiting, place in zip(batch, kept, strict=True):
            name = waiting.sealed.room
            highest[name] = max(highest[name], place.sequence)
            # A second try may carry another minute than the first; what was stored is what is heard.
            if place.is_new:
                fresh[name][place.sequence] = Entry(place.sequence, waiting.body)
        for name, sequence in highest.items():
            try:
                if room := self._rooms.get(name):
                    await self._publish_in(room, sequence, fresh[name])
            except Exception as fault:  # noqa: BLE001 - it is stored; who listens comes back to the room opened anew
                log.error("a batch was stored but not sent: %s", type(fault).__name__)  # noqa: TRY400
                self._end(name)
        for waiting, place in zip(batch, kept, strict=True):
            _settle(waiting.done, place.sequence)

    async def _publish_in(self, room: Room, highest: int, entries: dict[int, Entry]) -> None:
        """Publish up to `highest`; what is not in `entries` comes from the store.

        A commit whose answer was lost leaves entries that nobody was told of: they are told now.
        """
        while room.last < highest and not room.has_ended:
            if entry := entries.get(room.last + 1):
                room.publish([entry])
                continue
            missing = await self.read(room, room.last)
            if not missing:
                raise LookupError("the store does not hold what it has given a sequence to")
            # Meanwhile somebody else may have published some of them.
            room.publish([entry for entry in missing if entry.sequence > room.last])

    def _end(self, name: str) -> None:
        room = self._rooms.pop(name, None)
        if room:
            room.end()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            for name, room in list(self._rooms.items()):
                if self.boxes.has_room(name):
                    room.beat()
                else:
                    self._end(name)

    async def _part(self) -> None:
        """Close the connections once what was written to them has left."""
        for transport in list(self.connections):
            transport.close()
        until = time.monotonic() + FAREWELL_SECONDS
        while self.connections and time.monotonic() < until:  # noqa: ASYNC110 - they leave one by one
            await asyncio.sleep(0.01)
        for transport in list(self.connections):
            transport.abort()

    async def _in_thread(self, call: Callable[..., Answer], *arguments: object) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._readers, call, *arguments)


def _settle(done: asyncio.Future[int], answer: int | Exception) -> None:
    if done.cancelled():
        return
    if isinstance(answer, Exception):
        done.set_exception(answer)
    else:
        done.set_result(answer)
