"""The floor of a room: who may speak at this moment, as far as that depends on what was said before."""

from __future__ import annotations

import time

from tertulia.live.relay.control import Control, Refusal

# So many authors are remembered, in memory alone; the first to come are forgotten first.
REMEMBERED = 50_000


class Floor:
    """When authors were first seen in the room and when they last spoke; forgotten when the relay ends."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}
        self._spoke: dict[str, float] = {}

    def see(self, author: str) -> None:
        """The author listens, or wants to speak."""
        _remember(self._seen, author, self._seen.get(author, time.monotonic()))

    def take(self, author: str, control: Control) -> None:
        """The author speaks. Refusal, with the seconds to wait, for a newcomer and in slow mode."""
        self.see(author)
        now = time.monotonic()
        if (wait := self._seen[author] + control.newcomers * 60 - now) > 0:
            raise Refusal("newcomer", "who has just come listens for a while first", wait)
        if control.slow and (wait := self._spoke.get(author, now - control.slow) + control.slow - now) > 0:
            raise Refusal("slow", "this room is in slow mode", wait)
        _remember(self._spoke, author, now)

    def give_back(self, author: str) -> None:
        """What the author wanted to say was not kept after all."""
        self._spoke.pop(author, None)


def _remember(times: dict[str, float], author: str, moment: float) -> None:
    times[author] = moment
    if len(times) > REMEMBERED:
        del times[next(iter(times))]
