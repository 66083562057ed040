"""One line on which requests come one after the other: read strictly, answered in turn, given up when they dawdle."""

from __future__ import annotations

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from http import HTTPStatus

from tertulia.live.relay.http import BODY_BYTES, HEAD_BYTES, Refused, Request, answer, parse_head

METHOD_BYTES = 16
LONGEST_PLACE = 16
# A request that is not complete after this many seconds is given up.
PATIENCE_SECONDS = 20
# So long a connection goes on taking what a client still sends after the last answer, which would be lost otherwise.
LINGER_SECONDS = 2

log = logging.getLogger("tertulia.relay")


def is_for(places: tuple[bytes, ...], start: bytes) -> bool | None:
    """Whether a request that starts with these bytes is for one of `places`; None if more are needed to tell."""
    method, space, target = start.lstrip(b"\r\n")[: METHOD_BYTES + 1 + LONGEST_PLACE].partition(b" ")
    if not space:
        return None if len(method) <= METHOD_BYTES and (method.isalpha() or not method) else False
    if target.startswith(places):
        return True
    return None if any(place.startswith(target) for place in places) else False


class RequestLine(asyncio.Protocol, ABC):
    """Requests for `places` are served one after the other; bytes for somebody else go to `give_back` between two."""

    def __init__(self, places: tuple[bytes, ...], give_back: Callable[[bytes], None] | None) -> None:
        self._places = places
        self._give_back = give_back
        self._transport: asyncio.Transport
        self._received = b""
        self._request: Request | None = None
        self._serving: asyncio.Task[None] | None = None
        # A stream has begun: it is the last that is said here.
        self._is_stream = False
        self._has_ended = False
        self._client_has_ended = False
        self._unsent: asyncio.Future[None] | None = None
        self._impatient: asyncio.TimerHandle | None = None

    @abstractmethod
    async def serve(self, request: Request) -> HTTPStatus:
        """Write the answer to a request that is complete; its status. Refused: that is the answer."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with a transport that is new, or taken over between two requests."""
        self._transport = transport  # type: ignore[assignment]
        self._be_patient()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        """Nobody is here any more."""
        self._let_go()
        self.resume_writing()

    def pause_writing(self) -> None:
        """The client takes less than there is."""
        self._unsent = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """The client has taken most of it, or has gone."""
        if self._unsent:
            self._unsent.set_result(None)
            self._unsent = None

    def data_received(self, data: bytes) -> None:
        """Take bytes; while a request is being served or a stream is open they wait, up to a bound."""
        if self._is_stream or self._has_ended:
            return
        self._received += data
        if self._serving is None:
            self._advance()
        elif len(self._received) > HEAD_BYTES + BODY_BYTES:
            self._transport.abort()

    def eof_received(self) -> bool:
        """A client that has said all may still be waiting for its answer; one that hung up on a stream is gone."""
        self._client_has_ended = True
        return self._serving is not None and not self._is_stream

    def _advance(self) -> None:
        if self._transport.is_closing():
            return
        if self._request is None and not self._begin():
            return
        if self._request is not None and len(self._received) >= self._request.length:
            request, self._request = self._request, None
            request.body, self._received = self._received[: request.length], self._received[request.length :]
            self._stop_waiting()
            self._serving = asyncio.get_running_loop().create_task(self._serve(request))

    def _begin(self) -> bool:
        """Read the head of the next request, if it is here and ours."""
        self._received = self._received.lstrip(b"\r\n")
        ours = is_for(self._places, self._received)
        if ours is False:
            self._hand_back()
            return False
        end = self._received.find(b"\r\n\r\n")
        if (len(self._received) if end < 0 else end) > HEAD_BYTES:
            self._refuse(Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the head is too long"))
            return False
        if end < 0:
            return False
        try:
            self._request = parse_head(self._received[:end])
        except Refused as refused:
            self._refuse(refused)
            return False
        self._received = self._received[end + 4 :]
        if self._request.length and self._request.headers.get("expect", "").lower() == "100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return True

    async def _serve(self, request: Request) -> None:
        started = time.perf_counter()
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        try:
            status = await self.serve(request)
        except Refused as refused:
            status = refused.status
            self._refuse(refused)
        except Exception as fault:  # noqa: BLE001 - one request must not end the relay
            log.error("a request failed: %s", type(fault).__name__)  # noqa: TRY400 - a traceback may quote people
            self._refuse(Refused(status, "something went wrong here"))
        finally:
            log.debug("stream %s %d %.1f ms", request.method, status, (time.perf_counter() - started) * 1000)
            self._serving = None
        if not self._is_stream and not self._transport.is_closing():
            self._go_on(request)

    def _go_on(self, request: Request) -> None:
        if self._has_ended:
            return
        if not request.keep_alive or (self._client_has_ended and not self._received):
            self._finish()
            return
        self._be_patient()
        if self._received:
            self._advance()

    async def _drained(self) -> None:
        """Wait until the client has taken what was written; TimeoutError if it takes too long over it."""
        if self._unsent:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._unsent

    def _say(self, status: HTTPStatus, body: object, request: Request, *, retry_after: float = 0) -> HTTPStatus:
        self._transport.write(answer(status, body, keep_alive=request.keep_alive, retry_after=retry_after))
        return status

    def _refuse(self, refused: Refused) -> None:
        if self._is_stream:
            # A stream has begun: no other answer fits any more.
            self._transport.abort()
        elif not self._transport.is_closing():
            self._transport.write(answer(refused.status, refused.why, keep_alive=False))
            self._finish()

    def _finish(self) -> None:
        """Everything has been said: hang up when the client does, or soon."""
        self._has_ended = True
        self._received = b""
        self._stop_waiting()
        if self._client_has_ended:
            self._transport.close()
            return
        self._transport.write_eof()
        self._impatient = asyncio.get_running_loop().call_later(LINGER_SECONDS, self._transport.abort)

    def _hand_back(self) -> None:
        received, self._received = self._received, b""
        if self._give_back is None:
            self._refuse(Refused(HTTPStatus.NOT_FOUND, "only /stream/ is served here"))
            return
        self._let_go()
        self._give_back(received)

    def _let_go(self) -> None:
        self._stop_waiting()

    def _be_patient(self) -> None:
        self._stop_waiting()
        self._impatient = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._impatient:
            self._impatient.cancel()
            self._impatient = None

    def _give_up(self) -> None:
        if self._received or self._request:
            self._transport.abort()
        else:
            self._transport.close()
