"""The channels of nchan: what is handed on goes into them, and which of them each room has is noted."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tertulia.kit.randomness import public_id

PATIENCE_SECONDS = 5.0


class NotTaken(Exception):  # noqa: N818 - it describes the answer
    """nchan did not answer, or not as it should."""


class Publisher:
    """Speaks to the publishing place of nchan at `address` (http://127.0.0.1:8003/publish/), on a line that is kept."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"TERTULIA_FANOUT_URL is not an http address: {address}")
        self._host, self._port = parts.hostname, parts.port or 80
        self._path = parts.path.rstrip("/") + "/"
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def publish(self, channel: str, frames: bytes) -> dict[str, Any]:
        """What nchan says of the channel once it has taken the frames; NotTaken."""
        told = await self._ask("POST", channel, frames, {201, 202})
        try:
            answer: dict[str, Any] = json.loads(told)
        except ValueError as fault:
            raise NotTaken("not JSON") from fault
        return answer

    async def delete(self, channel: str) -> None:
        """End every stream of the channel, and forget what it holds; NotTaken."""
        await self._ask("DELETE", channel, b"", {200, 404})

    def close(self) -> None:
        """Hang up."""
        if self._line:
            self._line[1].close()
            self._line = None

    async def _ask(self, method: str, channel: str, body: bytes, good: Collection[int]) -> bytes:
        head = f"{method} {self._path}{channel} HTTP/1.1\r\nHost: {self._host}\r\nAccept: application/json\r\n"
        head += f"Content-Type: text/event-stream\r\nContent-Length: {len(body)}\r\n\r\n"
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                status, answer = await self._exchange(head.encode() + body)
        except (OSError, EOFError, ValueError, TimeoutError, asyncio.LimitOverrunError) as fault:
            self.close()
            raise NotTaken(type(fault).__name__) from fault
        except asyncio.CancelledError:
            self.close()
            raise
        if status not in good:
            raise NotTaken(str(status))
        return answer

    async def _exchange(self, request: bytes) -> tuple[int, bytes]:
        if self._line is None or self._line[0].at_eof():
            self.close()
            self._line = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._line
        writer.write(request)
        line, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        headers = dict(row.partition(": ")[::2] for row in lines)
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection") == "close":
            self.close()
        return int(line.split(" ")[1]), body


class Channels:
    """Which channel each room has, in a `file` that outlives the relay: whoever listens there must not be forgotten.

    A channel that was ended is never used again: nchan leaves those deaf who come to it then.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            self._of: dict[str, str] = json.loads(file.read_text())
        except (OSError, ValueError):
            self._of = {}

    def rooms(self) -> list[str]:
        """The rooms in whose channels somebody may listen."""
        return list(self._of)

    def of(self, room: str) -> str:
        """The channel of the room; "" if it has none."""
        return self._of.get(room, "")

    def begin(self, room: str) -> str:
        """A channel for the room that was never used before, noted on disk before this returns."""
        self._of[room] = f"{room}.{public_id()}"
        self._write()
        return self._of[room]

    def forget(self, room: str) -> None:
        """The channel of the room is ended, and no other one follows."""
        if self._of.pop(room, ""):
            self._write()

    def _write(self) -> None:
        beside = self._file.with_suffix(".new")
        with beside.open("w") as file:
            json.dump(self._of, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._file)
