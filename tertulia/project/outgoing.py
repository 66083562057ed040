"""What pages have said and readers have not taken yet: no thread waits for it, and memory for it is bounded."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from tertulia.live.relay.takeover import HANG_UP
from tertulia.project.body import Message

# Bytes that wait for all readers together. The largest answer, a script of the staff screens, has 0.9 million.
MOST_WAITING = 64_000_000
BODY = "http.response.body"

Send = Callable[[Message], Awaitable[None]]


class Readers:
    """Everybody for whom something waits; when there is too much, those go who have taken nothing for longest."""

    def __init__(self) -> None:
        self.waiting = 0
        self._answers: set[Outgoing] = set()

    def count(self, answer: Outgoing, size: int) -> None:
        """So many bytes more wait for this one; fewer, if `size` is negative."""
        self.waiting += size
        answer.waiting += size
        if answer.waiting:
            self._answers.add(answer)
        else:
            self._answers.discard(answer)
        while self.waiting > MOST_WAITING:
            min(self._answers, key=lambda one: one.last_taken).drop()


READERS = Readers()


class Outgoing:
    """One answer on its way: a page says it as fast as it can, its reader takes it as slowly as the line wants."""

    def __init__(self, scope: Any, send: Send) -> None:
        self.waiting = 0
        self.last_taken = asyncio.get_running_loop().time()
        self._send = send
        self._hang_up: Callable[[], None] = scope.get("extensions", {}).get(HANG_UP, {}).get("call", _stay)
        self._pieces: deque[Message] = deque()
        self._news = asyncio.Event()
        self._has_ended = False

    async def say(self, message: Message) -> None:
        """Take the next piece from the page; it never waits.

        The last bytes and the word that they are the last leave together: else a browser that has all it was
        promised may ask for a stream before the server knows that it is done.
        """
        if self._has_ended:
            return
        size = len(message.get("body", b""))
        self._has_ended = message["type"] == BODY and not message.get("more_body")
        if self._has_ended and self._pieces and self._pieces[-1]["type"] == BODY:
            message = {"type": BODY, "body": self._pieces.pop().get("body", b"") + message.get("body", b"")}
        self._pieces.append(message)
        self._news.set()
        READERS.count(self, size)

    async def deliver(self) -> None:
        """Send what was said, until the end of it was sent or the reader dropped."""
        while self._pieces or not self._has_ended:
            await self._news.wait()
            self._news.clear()
            while self._pieces and (self._has_ended or len(self._pieces) > 2):  # noqa: PLR2004 - the head and a piece
                await self._pass_on(self._pieces.popleft())

    def drop(self) -> None:
        """Hang up on this reader, and let go of what waits for it."""
        self.let_go()
        self._news.set()
        self._hang_up()

    def let_go(self) -> None:
        """Nothing of it is held any more."""
        self._has_ended = True
        self._pieces.clear()
        READERS.count(self, -self.waiting)

    async def _pass_on(self, message: Message) -> None:
        await self._send(message)
        self.last_taken = asyncio.get_running_loop().time()
        READERS.count(self, -min(self.waiting, len(message.get("body", b""))))


def _stay() -> None:
    """A server of another kind keeps its readers."""
