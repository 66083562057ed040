"""What is said is handed on to nchan, which sends it to listeners of many machines; where each begins there.

nchan gets the very frames of the stream, after the commit and in order. Its own ids never leave the machines: a
listener comes to the relay, as ever, and is sent on only from a position after which nchan is known to hold all.
In doubt the channel is ended, and another one begun: everybody comes back to the relay, which tells what was missed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tertulia.live.relay.channels import Channels, NotTaken, Publisher

# nchan keeps a message for 60 seconds (deploy/nchan); from a position that is older than this nobody is sent on.
HELD_SECONDS = 30.0
# Signs of life come every 45 seconds: if all but the newest message is gone by then, the channel was emptied.
EMPTIED_SECONDS = 55.0
# nchan ends each stream after so long (deploy/nchan): who listened shows the ticket again, and is given by the relay
# what nchan may have kept back.
STREAM_SECONDS = 120.0
# So many positions are known; the first ones are forgotten first.
MOST_PLACES = 1000
# What waits for nchan beyond this is not handed on any more: the channel is cut.
MOST_BYTES = 4 * 1024 * 1024
# After a fault every nginx has to have found Redis again, so that the end of a channel reaches all of them.
SETTLE_SECONDS = 2.0
# So long it takes at most from the relay's answer to being a listener of nchan.
ARRIVAL_SECONDS = 0.2
NEVER = float("-inf")
# Who was told by the relay what was missed is gathered for so long, then sent on with the others.
GATHER_SECONDS = 0.5
# Before all that a channel holds.
OLDEST = "1:0"
# What browsers wait before they come back: after nchan's streams, and after the relay has told what was missed.
RETRY = b"retry: 2000\n"
SOON = b"retry: 200\n\n"

log = logging.getLogger("tertulia.relay")


@dataclass(slots=True)
class Waiting:
    """Frames that nchan has not taken yet; with them one has heard everything up to the sequence `last`."""

    last: int
    frames: bytes
    is_sign: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Who has heard everything up to `sequence` begins after that `message` of nchan's, taken at `when` (monotonic)."""

    sequence: int
    message: str
    when: float


class Outlet:
    """The channel of one room; `last` is the sequence that the room has reached, `sign` gives what a sign of life says.

    `settled` is called whenever nchan has everything: who was told by the relay what was missed can be sent on then.
    """

    def __init__(
        self,
        publisher: Publisher,
        channels: Channels,
        room: str,
        last: int,
        sign: Callable[[], bytes],
        settled: Callable[[], None],
    ) -> None:
        self._subscribers = 0
        # Who was sent on there, and when; whoever was so longer ago than a stream lasts has come back.
        self._sends: deque[tuple[float, str]] = deque()
        self._publisher = publisher
        self._channels = channels
        self._room = room
        self._last = last
        self._sign = sign
        self._settled = settled
        self._waiting: deque[Waiting] = deque()
        self._bytes = 0
        # The newest position, which stays good however long nothing is said; and those before it.
        self._head: Place | None = None
        self._places: dict[int, Place] = {}
        # When a sign of life was given after the newest words, if one was.
        self._signed = NEVER
        self._inviting: asyncio.TimerHandle | None = None
        self._must_cut = True
        self._is_new = True
        self._had_fault = False
        self._floor = 0
        self._told = NEVER
        self._news = asyncio.Event()
        self._news.set()
        self._task = asyncio.create_task(self._hand_on())

    def take(self, frames: bytes, last: int) -> None:
        """Hand on the frames, which reach up to the sequence `last`."""
        self._last = last
        self._signed = NEVER
        # The first one is under way already.
        if len(self._waiting) > 1 and not self._waiting[-1].is_sign:
            self._waiting[-1].frames += frames
            self._waiting[-1].last = last
            self._count(frames)
        else:
            self._put(Waiting(last, frames))

    def give_sign(self) -> None:
        """Let everybody hear that the line is alive; who has just come hears by it that they are there."""
        self._signed = time.monotonic()
        told = b'event: present\n%sdata: {"at":%d}\n\n' % (RETRY, self._last)
        self._put(Waiting(self._last, self._sign() + told, is_sign=True))

    def place(self, start: int | None, author: str) -> str:
        """From where `author`, who has heard everything up to `start` (None: begins now), is sent on; "" if nowhere."""
        head, now = self._head, time.monotonic()
        if head is None:
            return ""
        place = head if start in {None, head.sequence} else self._places.get(start or 0)
        if place is None or (place is not head and now - place.when > HELD_SECONDS):
            return ""
        if now - self._signed > HELD_SECONDS:
            self.give_sign()
        self._sends.append((now, author))
        return f"{self._channels.of(self._room)}/{place.message}"

    def listeners(self) -> int:
        """About how many nchan sends to. It counts those of servers that were reloaded for ever; no stream lasts so."""
        return min(self._subscribers, len(self._there()))

    def invite(self) -> None:
        """Somebody has just been told by the relay what was missed: soon that one can be sent on."""
        if self._inviting is None:
            self._inviting = asyncio.get_running_loop().call_later(GATHER_SECONDS, self._invite)

    def rewritten(self, by: int) -> None:
        """The entry `by` took words back: nobody is sent on any more from before it, since nchan still has them."""
        self._floor = by
        self._places.clear()
        if self._head and self._head.sequence < by - 1:
            self._head = None

    def send_away(self, authors: Iterable[str]) -> None:
        """End the streams of these authors. nchan cannot do that for one alone: everybody's end, and most come back."""
        if {author for _, author in self._there()} & set(authors):
            self.cut()

    def cut(self) -> None:
        """End all streams with their channel; the relay knows what each listener has heard."""
        self._head = None
        self._places.clear()
        self._sends.clear()
        self._waiting.clear()
        self._bytes = 0
        self._must_cut = True
        self._news.set()

    async def stop(self) -> None:
        """Hand on nothing more."""
        if self._inviting:
            self._inviting.cancel()
        self._task.cancel()
        await asyncio.wait({self._task})
        self._publisher.close()

    def _there(self) -> deque[tuple[float, str]]:
        while self._sends and self._sends[0][0] < time.monotonic() - STREAM_SECONDS:
            self._sends.popleft()
        return self._sends

    def _invite(self) -> None:
        self._inviting = None
        self.give_sign()

    def _put(self, waiting: Waiting) -> None:
        self._waiting.append(waiting)
        self._count(waiting.frames)

    def _count(self, frames: bytes) -> None:
        self._bytes += len(frames)
        if self._bytes > MOST_BYTES:
            log.error("nchan takes too little: its streams are ended")
            self.cut()
        self._news.set()

    async def _hand_on(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                await self._hand_on_what_waits()
            except Exception as fault:  # noqa: BLE001 - whatever it was, nobody may be left in a channel that stands still
                why = str(fault) if isinstance(fault, NotTaken) else type(fault).__name__
                log.error("nchan did not take what was said: %s", why)  # noqa: TRY400 - it could quote what was said
                self.cut()
                self._had_fault = True
                await asyncio.sleep(SETTLE_SECONDS)

    async def _hand_on_what_waits(self) -> None:
        while self._must_cut or self._waiting:
            if self._must_cut:
                await self._begin_anew()
            if self._waiting:
                await self._hand_on_next()
        self._settled()

    async def _begin_anew(self) -> None:
        self._must_cut = False
        if self._channels.of(self._room):
            # Who was sent on a moment ago has to be there when the channel ends.
            await asyncio.sleep(ARRIVAL_SECONDS)
        await self._end_channel()
        if self._had_fault:
            # Another nginx may have found Redis only now.
            await asyncio.sleep(SETTLE_SECONDS)
            await self._end_channel()
            self._had_fault = False
        self._channels.begin(self._room)
        # What came meanwhile is in the log, and everybody passes by there.
        self._waiting.clear()
        self._bytes = 0
        self._told = NEVER
        self._is_new = True
        self.give_sign()

    async def _end_channel(self) -> None:
        if channel := self._channels.of(self._room):
            await self._publisher.delete(channel)

    async def _hand_on_next(self) -> None:
        handed = self._waiting[0]
        answer = await self._publisher.publish(self._channels.of(self._room), handed.frames)
        if self._must_cut:
            return
        self._waiting.popleft()
        self._bytes -= len(handed.frames)
        self._take_answer(handed, answer)

    def _take_answer(self, handed: Waiting, answer: dict[str, Any]) -> None:
        now = time.monotonic()
        if answer["messages"] <= 1 and now - self._told < EMPTIED_SECONDS:
            log.error("the channel of nchan was emptied: its streams are ended")
            self.cut()
            return
        self._told = now
        self._subscribers = int(answer["subscribers"])
        if self._is_new:
            # With this sign the channel begins to be there.
            self._is_new = False
            self._head = Place(handed.last, OLDEST, now)
        if handed.is_sign or handed.last < self._floor - 1:
            return
        self._head = Place(handed.last, str(answer["last_message_id"]), now)
        self._places[handed.last] = self._head
        while len(self._places) > MOST_PLACES:
            del self._places[next(iter(self._places))]


class Fanout:
    """nchan, where all rooms of a relay are handed on to; `file` is where their channels are noted.

    ValueError for an `address` that is none.
    """

    def __init__(self, address: str, file: Path) -> None:
        Publisher(address)
        self._address = address
        self.channels = Channels(file)

    def outlet(self, room: str, last: int, sign: Callable[[], bytes], settled: Callable[[], None]) -> Outlet:
        """A new channel for the room, as `Outlet`; an earlier one is ended."""
        return Outlet(Publisher(self._address), self.channels, room, last, sign, settled)

    async def end_all(self) -> None:
        """End the channels that an earlier relay left, in which somebody may wait."""
        for room in self.channels.rooms():
            await self.end(room)

    async def end(self, room: str) -> None:
        """End the channel that the room has now, however often that has to be tried, unless another one follows."""
        channel, publisher = self.channels.of(room), Publisher(self._address)
        while channel and self.channels.of(room) == channel:
            try:
                await publisher.delete(channel)
            except NotTaken as fault:
                log.error("nchan did not end a channel: %s", fault)  # noqa: TRY400 - as above
                await asyncio.sleep(SETTLE_SECONDS)
            else:
                if self.channels.of(room) == channel:
                    self.channels.forget(room)
        publisher.close()
