"""One port for pages and streams: uvicorn's protocol, which lets go of a connection that asks for `/stream/`."""

from __future__ import annotations

import asyncio
import fcntl
import struct
import sys
import termios
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tertulia.live.relay.connection import RelayConnection, is_for_relay
from tertulia.live.relay.relay import Relay

# A request whose head is not complete after so many seconds is given up; so is a line on which none begins.
HEAD_SECONDS = 20.0
# More than any browser sends, and the parser itself knows no bound.
HEAD_BYTES = 32_768
# Who takes less than so many bytes of an answer in so many seconds is not waited for; the weakest line takes more.
TAKE_SECONDS = 20.0
TAKE_BYTES = 4096
# Under this name the application finds how to drop a reader.
HANG_UP = "tertulia.hang_up"


class SharedProtocol(HttpToolsProtocol):
    """Serves pages; between two requests, with no response pending, it looks whose the next one is."""

    relay: ClassVar[Relay]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._inside_request = False
        self._undecided = b""
        self._impatient: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._watch: asyncio.TimerHandle | None = None
        self._untaken = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a head."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_waiting()
        self._stop_watching()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on in a request, or look whose the next one is."""
        if self._inside_request or self.pipeline or (self.cycle and not self.cycle.response_complete):
            self._read(data)
            return
        # Empty lines before a request are let pass, and not gathered.
        data, self._undecided = (self._undecided + data).lstrip(b"\r\n"), b""
        ours = is_for_relay(data)
        if ours is None:
            self._undecided = data
        elif ours:
            self._hand_over(data)
        else:
            self._read(data)

    def on_message_begin(self) -> None:
        """A request begins: its head has to end."""
        self._inside_request = True
        self._await_head()
        super().on_message_begin()
        self.scope["extensions"] = {HANG_UP: {"call": self.transport.abort}}

    def on_headers_complete(self) -> None:
        """The head has ended."""
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The next request may be another's."""
        self._inside_request = False
        super().on_message_complete()

    def pause_writing(self) -> None:
        """The reader takes less than there is."""
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        """The reader has taken most of it."""
        self._untaken = sys.maxsize
        super().resume_writing()

    def on_response_complete(self) -> None:
        """All is said, and not necessarily taken: a line that is to be closed stays open until it is."""
        if self.transport.get_write_buffer_size():
            self._watch_reader()
        super().on_response_complete()

    def _hand_over(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        self._stop_waiting()
        self._stop_watching()
        self.connections.discard(self)
        connection = RelayConnection(self.relay, self._take_back)
        self.transport.set_protocol(connection)
        connection.connection_made(self.transport)
        connection.data_received(data)

    def _take_back(self, data: bytes) -> None:
        self.connections.add(self)
        self.transport.set_protocol(self)
        self.flow.resume_writing()
        self._read(data)

    def _read(self, data: bytes) -> None:
        waiting = self._impatient
        super().data_received(data)
        # The piece in which a later head begins may hold much of the body before it, and is not counted.
        if waiting and waiting is self._impatient:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
                self.send_400_response("The head is too long.")

    def _await_head(self) -> None:
        if self._impatient is None:
            self._impatient = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        self._head_bytes = 0
        if self._impatient:
            self._impatient.cancel()
            self._impatient = None

    def _stop_watching(self) -> None:
        if self._watch:
            self._watch.cancel()
            self._watch = None

    def _watch_reader(self) -> None:
        self._untaken = max(self._untaken, _untaken(self.transport))
        if self._watch is None:
            self._watch = self.loop.call_later(TAKE_SECONDS, self._look_at_reader)

    def _look_at_reader(self) -> None:
        self._watch = None
        before, self._untaken = self._untaken, 0
        if not self.transport.get_write_buffer_size():
            return
        if before - _untaken(self.transport) < TAKE_BYTES:
            # Closing would wait until everything is taken.
            self.transport.abort()
        else:
            self._watch_reader()


def shared_protocol(relay_of_port: Relay) -> type[HttpToolsProtocol]:
    """The protocol class to give to uvicorn as `http`, bound to the relay of the port."""

    class Bound(SharedProtocol):
        relay = relay_of_port

    return Bound


def _untaken(transport: asyncio.Transport) -> int:
    """Bytes that were written and have not reached the other end: those held here, and those that the kernel holds.

    The kernel takes bytes of a slow reader in large lumps, so what is held here alone seems not to move for long.
    """
    line = transport.get_extra_info("socket")
    queued: int = struct.unpack("i", fcntl.ioctl(line.fileno(), termios.TIOCOUTQ, bytes(4)))[0]
    return transport.get_write_buffer_size() + queued
