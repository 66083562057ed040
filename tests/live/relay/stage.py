"""A relay on a port of this machine, and clients of few words: they send bytes and read answers and events."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import uvloop

from tertulia.kit.sealing import KeyStore
from tertulia.live.relay.boxes import key_name
from tertulia.live.relay.connection import RelayConnection
from tertulia.live.relay.entries import Draft, draft_message
from tertulia.live.relay.fanout import Fanout
from tertulia.live.relay.relay import Relay
from tertulia.live.relay.store.log import RoomLog
from tertulia.live.relay.tickets import COOKIE, Ticket, issue

TICKET_KEY = bytes(range(32))
ROOMS = ("one", "two")
PATIENCE_SECONDS = 20.0

Answer = TypeVar("Answer")


@dataclass
class Response:
    """An answer: `status` 0 if the line was closed instead."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Event:
    """A server-sent event; comments are events of the kind `beat`."""

    kind: str
    id: str
    text: str


class Line:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, *pieces: bytes) -> None:
        self.writer.write(b"".join(pieces))

    async def send_bytewise(self, data: bytes) -> None:
        for place in range(len(data)):
            self.writer.write(data[place : place + 1])
            await self.writer.drain()
            await asyncio.sleep(0)

    async def answer(self) -> Response:
        """The next answer on this line."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            try:
                head = await self.reader.readuntil(b"\r\n\r\n")
                line, *lines = head.decode("latin-1").strip().split("\r\n")
                headers = {name.lower(): text for name, _, text in (row.partition(": ") for row in lines)}
                body = await self.reader.readexactly(int(headers.get("content-length", 0)))
            except (asyncio.IncompleteReadError, ConnectionError):
                return Response(0)
        return Response(int(line.split(" ")[1]), headers, body)

    async def event(self) -> Event | None:
        """The next event of the stream on this line, but how many are here; None at its end."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            try:
                block = (await self.reader.readuntil(b"\n\n")).decode()
            except (asyncio.IncompleteReadError, ConnectionError):
                return None
        fields = dict(line.partition(": ")[::2] for line in block.strip("\n").split("\n"))
        if set(fields) == {"retry"} or fields.get("event") == "here":
            return await self.event()
        if fields == {":": ""}:
            return Event("beat", "", "")
        text = json.loads(fields["data"]).get("text", "")
        return Event(fields.get("event", "message"), fields.get("id", ""), text)

    async def events_until(self, sequence: int) -> list[Event]:
        """Messages up to the one with that sequence, or the end."""
        heard: list[Event] = []
        while event := await self.event():
            if event.kind == "message":
                heard.append(event)
                if int(event.id.partition("-")[2]) >= sequence:
                    break
        return heard

    async def has_closed(self) -> bool:
        """Wait until the other side hangs up, without a word."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            with contextlib.suppress(ConnectionError):
                return await self.reader.read() == b""
            return True

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


_ids = itertools.count(1)


def new_id() -> str:
    return f"message{next(_ids):08d}"


def ticket(room: str = "one", author: str = "a1", *, may_speak: bool = True, key: bytes = TICKET_KEY) -> str:
    return issue(key, Ticket(room, author, "Nadi", may_speak=may_speak))


def get(room: str = "one", after: str = "", *headers: str, cookie: str | None = None) -> bytes:
    """A request for a stream."""
    lines = [f"GET /stream/{room} HTTP/1.1", "Host: here", f"Cookie: {COOKIE}={cookie or ticket(room)}", *headers]
    if after:
        lines.append(f"Last-Event-ID: {after}")
    return "\r\n".join([*lines, "", ""]).encode()


def post(text: str, client_id: str = "", *headers: str, room: str = "one", author: str = "") -> bytes:
    """A request that says `text`; each by an author of its own, so that the flood protection leaves it alone."""
    client_id = client_id or new_id()
    body = json.dumps({"id": client_id, "text": text}).encode()
    lines = [f"POST /stream/{room} HTTP/1.1", "Host: here", "Content-Type: application/json"]
    lines += [f"Content-Length: {len(body)}", f"Cookie: {COOKIE}={ticket(room, author or client_id)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Stage:
    """What stands there."""

    relay: Relay
    keys: KeyStore
    port: int
    lines: list[Line] = field(default_factory=list)

    async def line(self, limit: int = 2**22) -> Line:
        """A new connection."""
        line = Line(*await asyncio.open_connection("127.0.0.1", self.port, limit=limit))
        self.lines.append(line)
        return line

    async def listener(self, room: str = "one", after: str = "") -> Line:
        """A connection with an open stream, that has caught up."""
        line = await self.stream(room, after)
        while event := await line.event():
            if event.kind == "present":
                break
        return line

    async def stream(self, room: str = "one", after: str = "") -> Line:
        """A connection on which a stream has begun; its events are still to be read."""
        line = await self.line()
        line.send(get(room, after))
        assert (await line.answer()).status == 200
        return line

    async def say(self, text: str, client_id: str = "", room: str = "one", author: str = "") -> int:
        """Say something on a connection of its own; its sequence."""
        line = await self.line()
        line.send(post(text, client_id, room=room, author=author))
        response = await line.answer()
        await line.close()
        assert response.status == 200, response
        sequence: int = response.json["sequence"]
        return sequence

    async def position(self, sequence: int, room: str = "one") -> str:
        return f"{(await self.relay.room(room)).epoch}-{sequence}"


@contextlib.asynccontextmanager
async def stage(folder: Path, store: RoomLog | None = None, fanout: Fanout | None = None) -> AsyncIterator[Stage]:
    """A relay that serves rooms one and two until the end of the block."""
    keys = KeyStore(folder / "keys")
    for room in ROOMS:
        keys.make(key_name(room))
    relay = Relay(store or f"sqlite:///{folder / 'rooms.sqlite3'}", keys, TICKET_KEY, fanout=fanout)
    relay.start()
    server = await asyncio.get_running_loop().create_server(lambda: RelayConnection(relay), "127.0.0.1", 0)
    place = Stage(relay, keys, server.sockets[0].getsockname()[1])
    try:
        yield place
    finally:
        server.close()
        await relay.stop()
        for line in place.lines:
            await line.close()


def perform(play: Coroutine[Any, Any, Answer], loop: str = "asyncio") -> Answer:
    """Run `play` in a loop of that kind."""
    if loop == "uvloop":
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(play)
    return asyncio.run(play)


def draft(text: str, room: str = "one", author: str = "a1") -> Draft:
    return draft_message(room, author, "Nadi", {"id": new_id(), "text": text})


async def fill(place: Stage, count: int, text: str = "number") -> None:
    """Say `count` things in room one: "number 1" and so on."""
    last = (await place.relay.room("one")).last
    await asyncio.gather(*(place.relay.say(draft(f"{text} {number}")) for number in range(last + 1, last + count + 1)))


async def forget_ring(place: Stage) -> None:
    """As after a restart."""
    place.relay._rooms.clear()


async def upto(line: Line, kind: str) -> AsyncIterator[Event]:
    """The events before the next one of that kind."""
    while (event := await line.event()) and event.kind != kind:
        yield event
