"""The body of a request, received whole before a page is asked: a thread never waits for somebody's slow line."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from tertulia.kit.sizes import LARGEST_FORM, LARGEST_WORDS

# So long the next piece of a body may be on its way.
SILENCE_SECONDS = 20.0
STAFF = "/staff/"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


class Refused(Exception):  # noqa: N818 - it describes the body
    """The body does not come in time, is too large, or finds no place just now; `status` is the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass
class Shelf:
    """Where bodies lie until their pages are done: `each` and `in_all` in bytes, `seconds` for a whole one."""

    each: int
    in_all: int
    seconds: float
    held: int = 0

    def lay(self, size: int) -> None:
        """Count `size` more bytes; Refused with 503 if there is no place for them."""
        if self.held + size > self.in_all:
            raise Refused(503)
        self.held += size


# Apart, so that no number of large files keeps anybody from saying something.
WORDS = Shelf(each=LARGEST_WORDS, in_all=16_000_000, seconds=60)
FILES = Shelf(each=LARGEST_FORM, in_all=50_000_000, seconds=600)


class Incoming:
    """What of a request's body is still to come."""

    def __init__(self, headers: list[tuple[bytes, bytes]], receive: Receive) -> None:
        declared = next((value for name, value in headers if name == b"content-length"), b"0")
        self.declared = int(declared) if declared.isdigit() else 0
        self.has_ended = False
        self._receive = receive

    async def piece(self) -> bytes | None:
        """The next bytes; None if the sender has gone."""
        message = await self._receive()
        self.has_ended = not message.get("more_body", False)
        body: bytes = message.get("body", b"")
        return None if message["type"] == "http.disconnect" else body

    async def pass_over(self, seconds: float) -> None:
        """Take what still comes and keep nothing of it, for so long at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self.has_ended:
                    await self.piece()


@contextlib.asynccontextmanager
async def received(path: str, incoming: Incoming) -> AsyncIterator[Receive | None]:
    """A `receive` that hands over the whole body at once; None if the sender has gone.

    Refused with 413 if the body is, or says that it is, larger than what `path` takes, with 408 if it stays away for
    SILENCE_SECONDS or is not whole after the time of its shelf, with 503 if too much is held already.
    """
    shelf, gathered = FILES if path.startswith(STAFF) else WORDS, bytearray()
    try:
        is_whole = await _gather(shelf, incoming, gathered)
        yield _replayed(bytes(gathered)) if is_whole else None
    finally:
        shelf.held -= len(gathered)


async def _gather(shelf: Shelf, incoming: Incoming, gathered: bytearray) -> bool:
    if incoming.declared > shelf.each:
        raise Refused(413)
    if shelf.held + incoming.declared > shelf.in_all:
        raise Refused(503)
    try:
        async with asyncio.timeout(shelf.seconds):
            while not incoming.has_ended:
                async with asyncio.timeout(SILENCE_SECONDS):
                    piece = await incoming.piece()
                if piece is None:
                    return False
                if len(gathered) + len(piece) > shelf.each:
                    raise Refused(413)
                shelf.lay(len(piece))
                gathered += piece
    except TimeoutError as fault:
        raise Refused(408) from fault
    return True


def _replayed(body: bytes) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return replay
