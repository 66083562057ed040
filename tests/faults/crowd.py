"""People who talk on in the rooms of a relay while something is wrong, and what each of them heard."""

from __future__ import annotations

import asyncio
import time

from tests.live.relay.stage import Line, Stage


class Crowd:
    """`size` listeners in room one, and as many who speak in turn; `times` are seconds from saying to the last ear."""

    def __init__(self, place: Stage, size: int) -> None:
        self.place = place
        self.size = size
        self.said: list[str] = []
        self.times: list[float] = []
        self._ears: list[Line] = []

    async def sit_down(self) -> None:
        """Everybody listens."""
        self._ears = [await self.place.listener() for _ in range(self.size)]

    async def say(self) -> None:
        """The next one says something over HTTP, and everybody hears it, as the next thing that they hear."""
        text, began = f"word {len(self.said)}", time.perf_counter()
        self.said.append(text)
        await self.place.say(text)
        heard = await asyncio.gather(*(ear.event() for ear in self._ears))
        self.times.append(time.perf_counter() - began)
        assert [event and event.text for event in heard] == [text] * self.size

    def p99(self) -> float:
        """Milliseconds within which 99 of 100 messages had reached the last of them."""
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * 0.99))] * 1000
