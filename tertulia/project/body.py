"""The body of a request, received whole before a page is asked: a thread never waits for somebody's slow line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

SECONDS = 20.0
# More than the largest file that a page takes, so that the page can say itself what is too large.
LARGEST = 12 * 1024 * 1024

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


class Refused(Exception):  # noqa: N818 - it describes the body
    """The body does not come in time, or is too large; `status` is the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def received(receive: Receive) -> Receive | None:
    """A `receive` that hands over the whole body at once; None if the sender has gone.

    Refused with 408 after SECONDS, with 413 after LARGEST bytes.
    """
    try:
        async with asyncio.timeout(SECONDS):
            body = await _whole(receive)
    except TimeoutError as fault:
        raise Refused(408) from fault
    return None if body is None else _replayed(body)


async def _whole(receive: Receive) -> bytes | None:
    gathered = bytearray()
    has_more = True
    while has_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        gathered += message.get("body", b"")
        if len(gathered) > LARGEST:
            raise Refused(413)
        has_more = message.get("more_body", False)
    return bytes(gathered)


def _replayed(body: bytes) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return replay
