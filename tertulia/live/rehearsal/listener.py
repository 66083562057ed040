"""The ear of a participant: one stream, that comes back by itself after a loss; no task while it listens."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from typing import Any

import httptools

from tertulia.live.rehearsal.books import Heard
from tertulia.live.rehearsal.browser import PATIENCE_SECONDS, Browser, LineDown
from tertulia.live.rehearsal.frames import END, Reader
from tertulia.live.rehearsal.timings import Timings

# How long a participant keeps trying while the server is being restarted.
KEEPS_TRYING_SECONDS = 60
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 1.0
NO_TICKET, OK = 401, 200
HEAD_END = b"\r\n\r\n"


class Hearing:
    """What the listeners of one process share: the reader, the clock of deliveries, and the last sign of the server."""

    def __init__(self, reader: Reader, errors: list[str]) -> None:
        self.reader = reader
        self.errors = errors
        self.deliveries = Timings()
        # When anybody last had an answer, in seconds of `time.monotonic`: the server was there then.
        self.contact = 0.0
        self.loop = asyncio.get_running_loop()
        self.under_way: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Have it done meanwhile."""
        task = self.loop.create_task(work)
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)


class Listener(asyncio.Protocol):
    """Listens from `position` on and enters what it hears into its book; `present` is called when it is there."""

    __slots__ = (
        "_browser", "_chunks", "_has_head", "_hearing", "_is_connecting", "_is_wanted", "_later", "_pause", "_rest",
        "_since", "_status", "_transport", "_until", "heard", "name", "position", "present", "stream", "ticket",
    )  # fmt: skip

    def __init__(self, name: str, browser: Browser, hearing: Hearing, stream: str, ticket: str, position: str) -> None:
        self.name = name
        self.stream = stream
        self.ticket = ticket
        self.position = position
        self.heard = Heard(int(position.rpartition("-")[2]))
        self.present: Callable[[], None] | None = None
        self._browser = browser
        self._hearing = hearing
        self._is_wanted = False
        self._is_connecting = False
        self._transport: asyncio.Transport | None = None
        self._later: asyncio.TimerHandle | None = None
        # What was sent before was missed on purpose: it is owed, and its time says nothing of the server.
        self._since = 0.0
        self._rest = b""
        self._status = 0
        self._has_head = False
        # For a server in front that sends the stream in chunks.
        self._chunks: httptools.HttpResponseParser | None = None

    def begin(self) -> None:
        """Listen from now on, until `end`."""
        self._is_wanted = True
        self._since = time.monotonic()
        self._try_anew()
        self._hearing.start(self._connect())

    def end(self) -> None:
        """Hang up as a phone does: without a word."""
        self._is_wanted = False
        if self._later:
            self._later.cancel()
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The line is there: ask for the stream."""
        # The transports of uvloop are of a kind of their own.
        self._transport = transport  # type: ignore[assignment]
        if not self._is_wanted:
            transport.close()
            return
        asked = {"Accept": "text/event-stream", "Last-Event-ID": self.position}
        transport.write(self._browser.head("GET", self.stream, asked))  # type: ignore[attr-defined]

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        """The line is gone: come back, unless it was meant."""
        self._transport = None
        status = self._status
        self._be_new()
        self._come_back(with_ticket=status == NO_TICKET)

    def data_received(self, data: bytes) -> None:
        """A part of the head, or of what everybody is sent."""
        if not self._has_head:
            data = self._take_head(data)
        if not data:
            return
        if self._chunks:
            self._unwrap(data)
        else:
            self.on_body(data)

    def on_body(self, data: bytes) -> None:
        """A part of the stream; what is not whole yet waits for its rest."""
        if self._rest:
            data, self._rest = self._rest + data, b""
        if not data.endswith(END):
            end = data.rfind(END) + len(END)
            if end < len(END):
                self._rest = data
                return
            data, self._rest = data[:end], data[end:]
        hearing = self._hearing
        piece = hearing.reader.read(data)
        if piece.entries:
            piece.enter(self.heard)
            self.position = piece.position
            now = time.monotonic()
            for sent in piece.sent:
                if sent > self._since:
                    hearing.deliveries.add(now - sent)
        if piece.is_present:
            self._arrive()
        if piece.is_reset:
            hearing.errors.append(f"{self.name} was told to fetch the room anew")

    def on_message_complete(self) -> None:
        """The server in front says that the stream has ended, though its line stays: what was behind it is gone."""
        if self._transport:
            self._transport.abort()

    def _arrive(self) -> None:
        self._hearing.contact = time.monotonic()
        self._try_anew()
        if self.present:
            self.present()
            self.present = None

    def _take_head(self, data: bytes) -> bytes:
        """What follows the head, if it is complete and that of a stream."""
        data, self._rest = self._rest + data, b""
        head, end, rest = data.partition(HEAD_END)
        if not end:
            self._rest = data
            return b""
        self._has_head = True
        self._status = int(head[9:12]) if head[9:12].isdigit() else 0
        if self._status != OK:
            assert self._transport  # noqa: S101 - tells the type checker
            self._transport.abort()
            return b""
        if b"transfer-encoding: chunked" in head.lower():
            self._chunks = httptools.HttpResponseParser(self)
            self._chunks.feed_data(head + end)
        return rest

    def _unwrap(self, data: bytes) -> None:
        assert self._chunks  # noqa: S101 - tells the type checker
        try:
            self._chunks.feed_data(data)
        except httptools.HttpParserError:
            if self._transport:
                self._transport.abort()

    def _be_new(self) -> None:
        self._has_head = False
        self._status = 0
        self._rest = b""
        self._chunks = None

    def _try_anew(self) -> None:
        self._pause = SHORTEST_PAUSE
        self._until = time.monotonic() + KEEPS_TRYING_SECONDS

    def _come_back(self, *, with_ticket: bool) -> None:
        if not self._is_wanted:
            return
        hearing = self._hearing
        if time.monotonic() > max(self._until, hearing.contact + KEEPS_TRYING_SECONDS):
            hearing.errors.append(f"{self.name} could not return to the room")
            self._is_wanted = False
            return
        again = self._renew if with_ticket else self._connect
        self._later = hearing.loop.call_later(self._pause, lambda: hearing.start(again()))
        self._pause = min(LONGEST_PAUSE, self._pause * 2)

    async def _renew(self) -> None:
        """The ticket has run out: ask for another one."""
        with contextlib.suppress(LineDown):
            await self._browser.get(self.ticket)
        await self._connect()

    async def _connect(self) -> None:
        if self._is_connecting or self._transport or not self._is_wanted:
            return
        browser, self._is_connecting = self._browser, True
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._hearing.loop.create_connection(
                    lambda: self, browser.host, browser.port, ssl=browser.tls, local_addr=browser.source
                )
        except OSError:
            self._is_connecting = False
            self._come_back(with_ticket=False)
        self._is_connecting = False
