"""The least that a rehearsal can be sent through: pages of a few lines, a room without a log, and faults on demand."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from tertulia.live.rehearsal.messages import message_in

TOKEN = '<input type="hidden" name="csrfmiddlewaretoken" value="token">'
ROOM = '<div data-stream="/stream/room" data-after="e-0" data-ticket="/live/room/ticket/">'
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nretry: 2000\n\n"
IN_CHUNKS = STREAM.replace(b"Connection: close", b"Transfer-Encoding: chunked")
LAST_CHUNK = b"0\r\n\r\n"
SEED = "5e" * 32


def choices(name: str, *values: str) -> str:
    offered = "".join(f'<option value="{value}">' for value in ("", *values))
    return f'<form method="post">{TOKEN}<select name="{name}" id="x">{offered}</select></form>'


NAME = f'<form method="post">{TOKEN}<input name="chosen_name"></form>'
ASKED = f'<i data-seed="{SEED}" data-pieces="2" data-bits="4"></i>' + NAME.replace(
    TOKEN, TOKEN + '<input type="hidden" name="done" value="">'
)
PAGES = {
    "/events/bare/join/": NAME,
    "/events/bare/where-from/": choices("country", *(f"C{number}" for number in range(10))),
    "/events/bare/": '<a class="x" href="/live/room/">',
    "/events/bare/programme/": "<p>",
    "/preferences/": choices("zone", "Europe/Madrid", "Asia/Beirut"),
    "/live/room/": ROOM,
    "/live/room/ticket/": "",
}


@dataclass
class Bare:
    """A server; `spoil` may change what a listener (its number) is sent. It asks so many for work, the first ones.

    If it is in front of another one, its streams are in chunks, and end after so many messages while their lines stay.
    """

    spoil: Callable[[int, int, bytes], bytes] = lambda _listener, _sequence, frame: frame
    asks: int = 0
    falls_after: int = 0
    log: list[tuple[int, str]] = field(default_factory=list)
    listeners: list[asyncio.Transport] = field(default_factory=list)
    sent: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def say(self, text: str) -> int:
        """Everybody is sent it at once."""
        sequence = len(self.log) + 1
        self.log.append((sequence, message_in(text, sequence)))
        frame = f"id: e-{sequence}\ndata: {json.dumps({'text': text})}\n\n".encode()
        for number, listener in enumerate(self.listeners):
            if not listener.is_closing():
                listener.write(self.wrapped(self.spoil(number, sequence, frame)))
        if sequence == self.falls_after:
            for listener in self.listeners:
                listener.write(LAST_CHUNK)
            self.listeners.clear()
        return sequence

    def wrapped(self, piece: bytes) -> bytes:
        return b"%x\r\n%b\r\n" % (len(piece), piece) if self.falls_after else piece

    def since(self, position: str) -> bytes:
        return b"".join(
            f"id: e-{sequence}\ndata: {json.dumps({'text': f'#{message}'})}\n\n".encode()
            for sequence, message in self.log[int(position.rpartition("-")[2]) :]
        )


class Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, bare: Bare) -> None:
        self.bare = bare
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment] - of uvloop, a kind of its own

    def data_received(self, data: bytes) -> None:
        self.received += data
        while b"\r\n\r\n" in self.received:
            head, _, rest = self.received.partition(b"\r\n\r\n")
            first, *lines = head.decode().split("\r\n")
            headers = {name.lower(): text for name, text in (line.split(": ", 1) for line in lines)}
            length = int(headers.get("content-length", 0))
            if len(rest) < length:
                return
            self.received = rest[length:]
            method, path, _ = first.split(" ")
            self.answer(method, path, headers, rest[:length].decode())

    def answer(self, method: str, path: str, headers: dict[str, str], body: str) -> None:
        if path.startswith("/stream/"):
            self.talk(method, headers, body)
        elif method == "GET":
            self.write(200, PAGES[path])
        else:
            self.submit(path, body)

    def talk(self, method: str, headers: dict[str, str], body: str) -> None:
        if method == "POST":
            self.write(200, json.dumps({"sequence": self.bare.say(json.loads(body)["text"])}))
            return
        missed = self.bare.since(headers["last-event-id"])
        head, _, first = (IN_CHUNKS if self.bare.falls_after else STREAM).partition(b"\r\n\r\n")
        begin = self.bare.wrapped(first + missed + b'event: present\ndata: {"at":0}\n\n')
        self.transport.write(head + b"\r\n\r\n" + begin)
        self.bare.listeners.append(self.transport)

    def submit(self, path: str, body: str) -> None:
        fields = dict(pair.partition("=")[::2] for pair in body.split("&"))
        self.bare.sent.append((path, fields))
        if path.endswith("/join/") and self.bare.asks and "done" not in fields:
            self.bare.asks -= 1
            self.write(
                429, ASKED.replace(TOKEN, TOKEN + '<input type="hidden" name="done" value="">'), "Retry-After: 1"
            )
        else:
            self.write(302, "", "Location: " + ("/live/room/ticket/" if path == "/preferences/" else "/events/bare/"))

    def write(self, status: int, text: str, *more: str) -> None:
        content = text.encode()
        head = [f"HTTP/1.1 {status} x", f"Content-Length: {len(content)}", *more, "", ""]
        self.transport.write("\r\n".join(head).encode() + content)


@contextlib.asynccontextmanager
async def served(bare: Bare) -> AsyncIterator[int]:
    """The port at which it answers."""
    server = await asyncio.get_running_loop().create_server(lambda: Line(bare), "127.0.0.1", 0, backlog=4096)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def is_done(done: str) -> bool:
    """Whether this is the work that was asked."""
    counters = [int(counter) for counter in done.split(".")]
    own = bytes.fromhex(SEED)
    hits = [hashlib.sha256(own + place.to_bytes(4) + counter.to_bytes(4)) for place, counter in enumerate(counters)]
    return len(hits) == 2 and all(hit.digest()[0] < 16 for hit in hits)
