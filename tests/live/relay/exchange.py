"""A place of publishing that answers as nchan does, and keeps what it was given; streams it has none."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field


@dataclass
class Exchange:
    """`held`: the messages of each channel; `ended`: the channels that were deleted.

    It refuses the next `refusing` requests, and answers none while it is not `awake`.
    """

    port: int = 0
    refusing: int = 0
    held: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    ended: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    awake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/publish/"

    async def until(self, words: str) -> str:
        """Wait until a message with these words is held; the channel in which it is."""
        async with asyncio.timeout(20):
            while not (found := [channel for channel in self.held if words in "".join(self.held[channel])]):
                await self._news()
        return found[0]

    async def until_ended(self, channel: str) -> None:
        async with asyncio.timeout(20):
            while channel not in self.ended:
                await self._news()

    async def _news(self) -> None:
        self.changed.clear()
        await self.changed.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                method, path = head.split(" ")[:2]
                body = await reader.readexactly(int(head.lower().partition("content-length: ")[2].partition("\r\n")[0]))
                await self.awake.wait()
                status, told = self._answer(method, path.removeprefix("/publish/"), body.decode())
                answer = json.dumps(told).encode()
                writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(answer)}\r\n\r\n".encode() + answer)
                self.changed.set()
        writer.close()

    def _answer(self, method: str, channel: str, body: str) -> tuple[int, dict[str, object]]:
        if self.refusing:
            self.refusing -= 1
            return 503, {}
        if method == "DELETE":
            self.ended.append(channel)
            return (200 if self.held.pop(channel, None) else 404), {}
        self.held[channel].append(body)
        count = len(self.held[channel])
        return 201, {"messages": count, "subscribers": 3, "last_message_id": f"17:{count}"}


@contextlib.asynccontextmanager
async def exchange() -> AsyncIterator[Exchange]:
    """One that answers until the end of the block."""
    place = Exchange()
    place.awake.set()
    server = await asyncio.start_server(place.serve, "127.0.0.1", 0)
    place.port = server.sockets[0].getsockname()[1]
    try:
        yield place
    finally:
        server.close()
