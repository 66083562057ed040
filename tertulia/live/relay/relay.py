"""The relay: has drafts committed, publishes what is committed, fills what a listener missed, keeps rooms as told."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from tertulia.kit.erasures import ErasureList
from tertulia.kit.sealing import KeyStore
from tertulia.live.relay.boxes import Boxes, room_of
from tertulia.live.relay.changes import ERASED_MESSAGE, blank, changed_by, message_name
from tertulia.live.relay.control import Control
from tertulia.live.relay.entries import Draft, Entry, Position
from tertulia.live.relay.fanout import Fanout, Outlet
from tertulia.live.relay.flood import Flood
from tertulia.live.relay.neighbours import Neighbours
from tertulia.live.relay.room import TICKET, Room
from tertulia.live.relay.store import open_log
from tertulia.live.relay.store.log import RoomLog
from tertulia.live.relay.streams import Streams
from tertulia.live.relay.tickets import MINUTES
from tertulia.live.relay.writer import Fresh, NoSuchRoom, NotStored, Writer

HEARTBEAT_SECONDS = 45
READ_AT_ONCE = 500
# So long may connections take to let go when the relay stops.
FAREWELL_SECONDS = 2.0
# A log that has not answered by then is not there.
LOOK_SECONDS = 2.0
# Whoever is further behind than this fetches the page anew instead of hearing it all again.
BEHIND = 5000

Answer = TypeVar("Answer")
# Faults are logged by kind, without a traceback: it could quote what somebody wrote.
log = logging.getLogger("tertulia.relay")


class Relay:
    """Lives in one event loop; the store is only touched from its one writer thread and its reader threads."""

    def __init__(
        self,
        store: str | RoomLog,
        keys: KeyStore,
        ticket_key: bytes,
        erasures: ErasureList | None = None,
        fanout: Fanout | None = None,
    ) -> None:
        # If nchan sends what is said to most listeners.
        self._fanout = fanout
        self.keys = keys
        self.ticket_key = ticket_key
        self._erasures = erasures
        self.boxes = Boxes(keys)
        self.flood = Flood()
        self.closing = False
        self.connections: set[asyncio.Transport] = set()
        self.streams = Streams()
        self._store = open_log(store) if isinstance(store, str) else store
        self._writer = Writer(self._store, self.boxes, self._publish)
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="room-log-reader")
        self._rooms: dict[str, Room] = {}
        self._opening: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._pulse: asyncio.Task[None] | None = None
        self._cutting: asyncio.Task[None] | None = None
        self._outlets: set[asyncio.Task[None]] = set()
        self._neighbours = Neighbours(self._take_up, self._end, lambda: self._rooms)

    def start(self) -> None:
        """Look whether the log is whole (Damaged if not) and begin to beat; called in the event loop."""
        self._store.verify()
        self.streams.learn(self._store.sent_away())
        self._pulse = asyncio.create_task(self._beat())
        if self._fanout:
            # Who listens there may have missed what was kept when an earlier relay died.
            self._cutting = asyncio.create_task(self._fanout.end_all())
        self._neighbours.listen(self._store)

    async def stop(self) -> None:
        """Finish what is being committed, end the streams, let go of the store."""
        self.closing = True
        for task in filter(None, (self._pulse, self._cutting)):
            task.cancel()
        await self._neighbours.stop()
        await self._writer.stop()
        for room in self._rooms.values():
            self._close_outlet(room, for_good=False)
        if self._outlets:
            for task in (await asyncio.wait(self._outlets, timeout=FAREWELL_SECONDS))[1]:
                task.cancel()
        await self._part()
        # A reader that still waits for its answer must not hold up those to whom it would be given.
        await asyncio.to_thread(self._readers.shutdown)
        self._store.close()

    async def say(self, draft: Draft) -> int:
        """Put `draft` into its room's log; the sequence it has there, once it is on disk.

        The same draft (room, author, client id) said again gets the same sequence and is not published twice.
        NoSuchRoom; NotStored when the disk or the database refuses, or the relay is closing; NoSuchMessage when what
        it is about has been taken out.
        """
        await self.room(draft.room)
        if self.closing:
            raise NotStored("the relay is closing")
        if draft.ends:
            await self._note(draft)
        return await self._writer.append(draft)

    async def command(self, name: str, version: int, control: Control) -> int:
        """Keep the room as `control` says, if `version` is later than what holds; the version that holds then.

        It is on disk, and everybody in the room has been told of its rules, before this returns. NoSuchRoom; NotStored.
        """
        room = await self.room(name)
        if self.closing:
            raise NotStored("the relay is closing")
        told = None
        if control.rules() != room.control.rules():
            told = Draft(name, "", f"order {version}", control.told())
        order = self.boxes.seal_order(name, version, control)
        await self._writer.command(name, order, told)
        await self._catch_up(room)
        return room.version

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
                room = Room(name, head.epoch, head.last)
                await self._take_order(room)
                if self._fanout and not room_of(name):
                    room.outlet = self._fanout.outlet(name, room.last, room.here, room.send_on)
                self._rooms[name] = room
        self._opening.pop(name, None)
        return self._rooms[name]

    async def send_away(self, authors: Collection[str]) -> int:
        """Take no ticket any more that was made for one of the `authors` until now, and end their streams; how many.

        That holds when the relay is started anew, too.
        """
        await self._writer.send_away(frozenset(authors), time.time() + MINUTES * 60)
        self._send_away_elsewhere(authors)
        ended = self.streams.end_of(authors)
        await self._learn_who_is_away()
        return ended

    def _send_away_elsewhere(self, authors: Iterable[str]) -> None:
        for room in self._rooms.values():
            if room.outlet:
                room.outlet.send_away(authors)

    async def _learn_who_is_away(self) -> None:
        # Older tickets are over by themselves; so are the store's notes of them.
        self.streams.learn(await self._in_thread(self._store.sent_away))

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

    async def entry(self, room: str, sequence: int) -> Entry | None:
        """The entry of a room with that sequence, as it stands now; None if there is none."""
        rows = await self._in_thread(self._store.read, room, sequence - 1, 1)
        found = [self.boxes.open(room, place, box) for place, box in rows if place == sequence]
        return found[0] if found else None

    async def read(self, room: Room, after: int) -> list[Entry]:
        """The next entries that follow `after`, from the store."""
        rows = await self._in_thread(self._store.read, room.name, after, READ_AT_ONCE)
        return [self.boxes.open(room.name, sequence, box) for sequence, box in rows]

    async def _from_store(self, room: Room, after: int) -> tuple[bytes, int] | None:
        """As `Room.since`. What is committed and not published yet stays out: it is about to come by itself."""
        entries = [entry for entry in await self.read(room, after) if entry.sequence <= room.last]
        return (b"".join(entry.frame(room.epoch) for entry in entries), entries[-1].sequence) if entries else None

    async def _catch_up(self, room: Room) -> None:
        """Publish what is in the store although nobody was told: a commit whose answer was lost, or another relay's."""
        head = await self._in_thread(self._store.head, room.name)
        if head.epoch == room.epoch:
            await self._publish_in(room, head.last, {})
            await self._take_order(room)

    async def _take_order(self, room: Room) -> None:
        """Keep the room as the store says that it is to be kept."""
        order = await self._in_thread(self._store.order, room.name)
        if order is None or order.version <= room.version:
            return
        before, room.control = room.control, self.boxes.open_order(room.name, order)
        room.version = order.version
        if room.outlet and room.control.door > before.door:
            room.outlet.cut()
        elif room.outlet:
            room.outlet.send_away(room.control.banned.keys() - before.banned.keys())
        self.streams.shut_out(room)
        for stream in self.streams.of(room):
            author = stream.ticket.author
            if room.control.muted.get(author) != before.muted.get(author):
                stream.tell(TICKET)

    async def _note(self, draft: Draft) -> None:
        """Note that a message is taken back, so that no older copy of the log brings it back; NotStored."""
        if self._erasures is None:
            return
        try:
            for _sequence, once in await self._in_thread(self._store.names, draft.room, draft.about):
                await self._in_thread(self._erasures.note, ERASED_MESSAGE, message_name(draft.room, once))
        except Exception as fault:
            log.error("a message could not be taken back: %s", type(fault).__name__)  # noqa: TRY400
            raise NotStored("the message could not be taken back just now") from fault

    async def _take_up(self, name: str) -> None:
        if not name:
            await self._learn_who_is_away()
            self._send_away_elsewhere(self.streams.sent_away())
        elif room := self._rooms.get(name):
            await self._catch_up(room)
        if room := self._rooms.get(room_of(name)):
            room.tell_moderators()

    async def _publish(self, name: str, sequence: int, fresh: Fresh) -> None:
        try:
            if room := self._rooms.get(name):
                await self._publish_in(room, sequence, fresh)
        except Exception as fault:  # noqa: BLE001 - it is stored; who listens comes back to the room opened anew
            log.error("a batch was stored but not sent: %s", type(fault).__name__)  # noqa: TRY400
            self._end(name)

    async def _publish_in(self, room: Room, highest: int, fresh: Fresh) -> None:
        """Publish up to `highest`; what is not `fresh` comes from the store.

        A commit whose answer was lost leaves entries that nobody was told of: they are told now.
        """
        while room.last < highest and not room.has_ended:
            if draft := fresh.get(room.last + 1):
                room.publish([Entry(room.last + 1, draft.body)])
                if draft.about:
                    room.rewrite(draft.about, draft.instead, blank(draft.about))
                continue
            missing = await self.read(room, room.last)
            if not missing:
                raise LookupError("the store does not hold what it has given a sequence to")
            # Meanwhile somebody else may have published some of them.
            for entry in [entry for entry in missing if entry.sequence > room.last]:
                room.publish([entry])
                room.forget(changed_by(entry))

    def _end(self, name: str) -> None:
        room = self._rooms.pop(name, None)
        if room:
            room.end()
            self._close_outlet(room, for_good=True)

    def _close_outlet(self, room: Room, *, for_good: bool) -> None:
        if room.outlet:
            closing = asyncio.create_task(self._let_outlet_go(room.name, room.outlet, for_good=for_good))
            self._outlets.add(closing)
            closing.add_done_callback(self._outlets.discard)
            room.outlet = None

    async def _let_outlet_go(self, name: str, outlet: Outlet, *, for_good: bool) -> None:
        await outlet.stop()
        if self._fanout and for_good:
            await self._fanout.end(name)

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
