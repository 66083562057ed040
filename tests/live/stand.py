"""A relay and its hub in a thread of their own, on the settings of the tests, and an ear that listens to it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from tertulia.live.queries import log_address
from tertulia.live.relay.connection import RelayConnection
from tertulia.live.relay.hub import Hub
from tertulia.live.relay.relay import Relay
from tertulia.live.relay.tickets import COOKIE

PATIENCE_SECONDS = 20


class Stand:
    """Streams are heard over a socket in `folder`: no port is needed."""

    def __init__(self, folder: Path) -> None:
        self.ears = folder / "ears.sock"

    def hear(self, room: str, ticket: str, after: str, number: int) -> list[dict[str, Any]]:
        """The first `number` messages that a stream delivers after a position, each with its sequence."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(PATIENCE_SECONDS)
            line.connect(os.fspath(self.ears))
            line.sendall(
                f"GET /stream/{room}?after={after} HTTP/1.1\r\nHost: x\r\nCookie: {COOKIE}={ticket}\r\n\r\n".encode()
            )
            received = b""
            while received.count(b"\nid: ") < number or not received.endswith(b"\n\n"):
                received += line.recv(65_536)
        blocks = [block.split("\n") for block in received.decode().split("\n\n") if block.startswith("id: ")]
        return [json.loads(text[6:]) | {"sequence": int(place.rpartition("-")[2])} for place, text in blocks]

    def knock(self, room: str, ticket: str) -> tuple[int, socket.socket]:
        """The status with which a stream is answered, and its line; an open one has said that it is present."""
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(PATIENCE_SECONDS)
        line.connect(os.fspath(self.ears))
        line.sendall(f"GET /stream/{room} HTTP/1.1\r\nHost: x\r\nCookie: {COOKIE}={ticket}\r\n\r\n".encode())
        received = b""
        while b"event: present" not in received and not received.startswith(b"HTTP/1.1 4"):
            received += line.recv(65_536)
        return int(received.split()[1]), line

    async def serve(self, ready: threading.Event, over: asyncio.Event) -> None:
        """Until `over`."""
        relay = Relay(log_address(), settings.KEYS, settings.KEYS.make("tickets"), settings.ERASURES)
        hub = Hub(relay, settings.LIVE_SOCKET)
        await hub.start()
        relay.start()
        server = await asyncio.get_running_loop().create_unix_server(lambda: RelayConnection(relay), self.ears)
        ready.set()
        await over.wait()
        server.close()
        await hub.stop()
        await relay.stop()


@contextlib.contextmanager
def stand(folder: Path) -> Iterator[Stand]:
    """A stand until the end of the block."""
    place, ready, over = Stand(folder), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(place.serve(ready, over)))
    thread.start()
    try:
        assert ready.wait(PATIENCE_SECONDS)
        yield place
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
