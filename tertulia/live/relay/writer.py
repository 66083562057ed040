"""The one writer of the room logs in a process: commits what has gathered, then has it published."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from tertulia.kit.sealing import Unreadable
from tertulia.live.relay.boxes import Boxes
from tertulia.live.relay.changes import NoSuchMessage
from tertulia.live.relay.entries import Draft
from tertulia.live.relay.store.log import Kept, Order, RoomLog, Sealed

# Everything that gathered during the last commit goes into the next one, up to this many.
BATCH = 1000

# Faults are logged by kind, without a traceback: it could quote what somebody wrote.
log = logging.getLogger("tertulia.relay")


class NotStored(Exception):  # noqa: N818 - an answer to the sender
    """The draft is not on disk; sending it again, with the same id, is safe."""


class NoSuchRoom(Exception):  # noqa: N818 - an answer to the sender
    """There is no such room, or its text has been erased."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft that waits for the next commit; `done` gets its sequence, or NotStored, or NoSuchMessage."""

    sealed: Sealed
    draft: Draft
    done: asyncio.Future[int]


Answer = TypeVar("Answer")
Fresh = dict[int, Draft]
Publish = Callable[[str, int, Fresh], Awaitable[None]]


class Writer:
    """Lives in one event loop; `publish` is called with a room, the sequence it has reached, and what is new there."""

    def __init__(self, store: RoomLog, boxes: Boxes, publish: Publish) -> None:
        self.store = store
        self.boxes = boxes
        self._publish = publish
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="room-log-writer")
        self._waiting: list[Waiting] = []
        self._committer: asyncio.Task[None] | None = None

    async def append(self, draft: Draft) -> int:
        """The sequence of `draft` in its room's log, once it is on disk and published.

        NoSuchRoom if its key is gone; NotStored; NoSuchMessage if what it is about was taken out.
        """
        try:
            sealed = self.boxes.seal(draft)
        except Unreadable as fault:
            raise NoSuchRoom(draft.room) from fault
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append(Waiting(sealed, draft, done))
        if self._committer is None:
            self._committer = asyncio.create_task(self._commit())
        return await done

    async def command(self, room: str, order: Order, told: Draft | None) -> bool:
        """As `RoomLog.command`; NoSuchRoom, NotStored. Whoever calls has `told` published."""
        try:
            sealed = self.boxes.seal(told) if told else None
        except Unreadable as fault:
            raise NoSuchRoom(room) from fault
        try:
            return await self._in_thread(self.store.command, room, order, sealed)
        except Exception as fault:
            log.error("an order was not stored: %s", type(fault).__name__)  # noqa: TRY400
            raise NotStored("the order could not be stored") from fault

    async def send_away(self, authors: frozenset[str], until: float) -> None:
        """As `RoomLog.send_away`."""
        await self._in_thread(self.store.send_away, authors, until)

    async def stop(self) -> None:
        """Finish what is being committed."""
        if self._committer:
            await asyncio.wait({self._committer})
        self._thread.shutdown()

    async def _commit(self) -> None:
        """Commit what has gathered, again and again until nothing is left; there is no fixed window."""
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                try:
                    kept = await self._in_thread(self.store.append, [waiting.sealed for waiting in batch])
                except Exception as fault:  # noqa: BLE001 - whatever the store raises, nobody may be told "sent"
                    log.error("a batch of %d was not stored: %s", len(batch), type(fault).__name__)  # noqa: TRY400
                    for waiting in batch:
                        _settle(waiting.done, NotStored("the message could not be stored"))
                    continue
                await self._have_published(batch, kept)
        finally:
            self._committer = None

    async def _have_published(self, batch: list[Waiting], kept: list[Kept]) -> None:
        fresh: dict[str, Fresh] = defaultdict(dict)
        highest: dict[str, int] = defaultdict(int)
        for waiting, place in zip(batch, kept, strict=True):
            name = waiting.sealed.room
            highest[name] = max(highest[name], place.sequence)
            # A second try may carry another minute than the first; what was stored is what is heard.
            if place.is_new:
                fresh[name][place.sequence] = waiting.draft
        for name, sequence in highest.items():
            await self._publish(name, sequence, fresh[name])
        for waiting, place in zip(batch, kept, strict=True):
            _settle(waiting.done, place.sequence or NoSuchMessage("this message has been taken out"))

    async def _in_thread(self, call: Callable[..., Answer], *arguments: object) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call, *arguments)


def _settle(done: asyncio.Future[int], answer: int | Exception) -> None:
    if done.cancelled():
        return
    if isinstance(answer, Exception):
        done.set_exception(answer)
    else:
        done.set_result(answer)
