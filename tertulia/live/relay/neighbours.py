"""What other relays of the house write into the log: this one is woken, and takes it up, room by room."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from tertulia.live.relay.store.log import EVERYWHERE, RoomLog

log = logging.getLogger("tertulia.relay")


class Neighbours:
    """Listens for them from `listen` until `stop`; lives in one event loop.

    `take_up` is given the name of a room in which something was written, or "" if somebody was sent away; whatever it
    raises, `give_up` is told the name. `rooms` gives those that may have been written to when nobody knows which.
    """

    def __init__(
        self,
        take_up: Callable[[str], Awaitable[None]],
        give_up: Callable[[str], None],
        rooms: Callable[[], Iterable[str]],
    ) -> None:
        self._take_up = take_up
        self._give_up = give_up
        self._rooms = rooms
        self._deafen: Callable[[], None] | None = None
        self._woken: set[str] = set()
        self._looking: asyncio.Task[None] | None = None
        self._has_stopped = False

    def listen(self, store: RoomLog) -> None:
        """Be woken from now on; called in the event loop."""
        self._deafen = store.wakes(partial(_call_in, asyncio.get_running_loop(), self.wake))

    async def stop(self) -> None:
        """Take up nothing more."""
        self._has_stopped = True
        if self._deafen:
            await asyncio.to_thread(self._deafen)

    def wake(self, name: str) -> None:
        """Another has written to the room `name` ("": has sent somebody away; "*": may have written anywhere)."""
        self._woken |= {"", *self._rooms()} if name == EVERYWHERE else {name}
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        """Take up what others wrote, until nothing is left."""
        try:
            while self._woken and not self._has_stopped:
                name = self._woken.pop()
                try:
                    await self._take_up(name)
                except Exception as fault:  # noqa: BLE001 - the next notice, or whoever comes back, brings it
                    log.error("what another relay wrote was not sent: %s", type(fault).__name__)  # noqa: TRY400
                    self._give_up(name)
        finally:
            self._looking = None


def _call_in(loop: asyncio.AbstractEventLoop, call: Callable[[str], None], name: str) -> None:
    """From another thread; a loop that has come to its end needs nothing any more."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(call, name)
