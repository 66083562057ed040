"""How late a process is at what it wants to do at a certain moment, and how much of a processor it uses."""

from __future__ import annotations

import asyncio
import time

from tertulia.live.rehearsal.timings import Timings

LOOK_EVERY_SECONDS = 0.02
# Whoever comes in alone, in an instant, fills it: of less time than this no share of a processor says anything.
TELLING_SECONDS = 1.0


class Watch:
    """Looks at the clock every 20 ms; whatever else there was to do, or another process, makes it late."""

    def __init__(self) -> None:
        self.lag = Timings()
        self._task = asyncio.create_task(self._look())
        self._since = (time.monotonic(), time.process_time())

    def taken(self) -> tuple[Timings, float]:
        """The delays since the last time, and the share of a processor (0.0 of too short a time)."""
        lag, self.lag = self.lag, Timings()
        (began, used), self._since = self._since, (time.monotonic(), time.process_time())
        seconds = self._since[0] - began
        return lag, (self._since[1] - used) / seconds if seconds >= TELLING_SECONDS else 0.0

    async def _look(self) -> None:
        while True:
            due = time.monotonic() + LOOK_EVERY_SECONDS
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            self.lag.add(time.monotonic() - due)
