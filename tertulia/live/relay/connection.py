"""One connection to the relay: posts that are answered after the commit, or one stream that stays open."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from http import HTTPStatus

from tertulia.live.relay.changes import NoSuchMessage
from tertulia.live.relay.control import Refusal
from tertulia.live.relay.entries import Malformed, Position
from tertulia.live.relay.http import (
    BODY_BYTES,
    HEAD_BYTES,
    STREAM_HEAD,
    Refused,
    Request,
    answer,
    elsewhere,
    parse_head,
    problem,
)
from tertulia.live.relay.relay import Relay
from tertulia.live.relay.room import RESET, Room
from tertulia.live.relay.speaking import Speaker, receive
from tertulia.live.relay.tickets import COOKIE, Ticket, check
from tertulia.live.relay.writer import NoSuchRoom, NotStored

PREFIX = b"/stream/"
# Who watches over a relay asks here, if it has a port of its own; on a shared port the pages answer.
ALIVE, READY = b"/healthz", b"/readyz"
METHOD_BYTES = 16
# A request that is not complete after this many seconds is given up.
PATIENCE_SECONDS = 20
# So long a connection goes on taking what a client still sends after the last answer, which would be lost otherwise.
LINGER_SECONDS = 2

log = logging.getLogger("tertulia.relay")


def is_for_relay(start: bytes, places: tuple[bytes, ...] = (PREFIX,)) -> bool | None:
    """Whether a request that starts with these bytes is for one of `places`; None if more are needed to tell."""
    method, space, target = start.lstrip(b"\r\n")[: METHOD_BYTES + 1 + len(PREFIX)].partition(b" ")
    if not space:
        return None if len(method) <= METHOD_BYTES and (method.isalpha() or not method) else False
    if target.startswith(places):
        return True
    return None if any(place.startswith(target) for place in places) else False


class RelayConnection(asyncio.Protocol):
    """Requests are served one after the other; bytes for somebody else go to `give_back` between two requests."""

    def __init__(self, relay: Relay, give_back: Callable[[bytes], None] | None = None) -> None:
        self.relay = relay
        self._give_back = give_back
        self._places = (PREFIX,) if give_back else (PREFIX, ALIVE, READY)
        self._transport: asyncio.Transport
        self._received = b""
        self._request: Request | None = None
        self._serving: asyncio.Task[None] | None = None
        self._room: Room | None = None
        self.ticket: Ticket
        self._has_ended = False
        self._client_has_ended = False
        self._unsent: asyncio.Future[None] | None = None
        self._impatient: asyncio.TimerHandle | None = None
        self._expiry: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with a transport that is new, or taken over between two requests."""
        self._transport = transport  # type: ignore[assignment]
        self.relay.connections.add(self._transport)
        self._be_patient()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        """Nobody listens here any more."""
        self._let_go()
        self.resume_writing()
        self.relay.streams.discard(self)
        if self._room:
            self._room.leave(self._transport)
        if self._expiry:
            self._expiry.cancel()

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
        if self._room is not None or self._has_ended:
            return
        self._received += data
        if self._serving is None:
            self._advance()
        elif len(self._received) > HEAD_BYTES + BODY_BYTES:
            self._transport.abort()

    def eof_received(self) -> bool:
        """A client that has said all may still be waiting for its answer; one that hung up on a stream is gone."""
        self._client_has_ended = True
        return self._serving is not None and self._room is None

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
        ours = is_for_relay(self._received, self._places)
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
            status = await self._answer(request)
        except Refused as refused:
            status = refused.status
            self._refuse(refused)
        except Exception as fault:  # noqa: BLE001 - one request must not end the relay
            log.error("a request failed: %s", type(fault).__name__)  # noqa: TRY400 - a traceback may quote people
            self._refuse(Refused(status, "something went wrong here"))
        finally:
            log.debug("stream %s %d %.1f ms", request.method, status, (time.perf_counter() - started) * 1000)
            self._serving = None
        if self._room is None and not self._transport.is_closing():
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

    async def _answer(self, request: Request) -> HTTPStatus:
        place = PREFIX.decode()
        if not request.path.startswith(place):
            return await self._tell_how_it_is(request)
        name = request.path.removeprefix(place)
        ticket = self._ticket(request, name)
        try:
            room = await self.relay.room(name)
        except NoSuchRoom as fault:
            raise Refused(HTTPStatus.NOT_FOUND, "there is no such room") from fault
        if not self.relay.admits(ticket, room):
            raise Refused(HTTPStatus.UNAUTHORIZED, "the page has to be opened first")
        serve = SERVED.get((place, request.method))
        if serve is None:
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "GET listens, POST speaks")
        return await serve(self, request, room, ticket)

    async def _tell_how_it_is(self, request: Request) -> HTTPStatus:
        tell = TOLD.get((request.path, request.method))
        if tell is None:
            raise Refused(HTTPStatus.NOT_FOUND, "only /stream/ is served here")
        return await tell(self, request)

    async def _tell_that_it_lives(self, request: Request) -> HTTPStatus:
        return self._say(HTTPStatus.OK, {"alive": True}, request)

    async def _tell_what_is_lacking(self, request: Request) -> HTTPStatus:
        lacking = await self.relay.lacking()
        status = HTTPStatus.SERVICE_UNAVAILABLE if lacking else HTTPStatus.OK
        return self._say(status, {"ready": not lacking, "lacking": lacking}, request)

    def _ticket(self, request: Request, room: str) -> Ticket:
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            raise Refused(HTTPStatus.FORBIDDEN, "this comes from another site")
        origin = request.headers.get("origin")
        if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
            raise Refused(HTTPStatus.FORBIDDEN, "this comes from another site")
        for text in request.cookies(COOKIE):
            ticket = check(self.relay.ticket_key, text, room)
            if ticket:
                return ticket
        raise Refused(HTTPStatus.UNAUTHORIZED, "the page has to be opened first")

    async def _stream(self, request: Request, room: Room, ticket: Ticket) -> HTTPStatus:
        if self.relay.closing:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "the relay is closing")
        start = Position.parse(request.headers.get("last-event-id") or request.query.get("after", ""))
        if place := self._place_elsewhere(room, ticket, start):
            room.floor.see(ticket.author)
            self._transport.write(elsewhere(place, keep_alive=request.keep_alive))
            return HTTPStatus.OK
        self._room = room
        # What served pages on this line before is needed no more, and is larger than all that a listener needs.
        self._give_back = None
        self._meet(room, ticket)
        began = STREAM_HEAD
        if not room.is_at(start):
            self._transport.write(began)
            began = b""
        loop = asyncio.get_running_loop()
        self._expiry = loop.call_later(max(1.0, ticket.expires - time.time()), self.expire)
        if await self.relay.listen(room, self._transport, start, self._drained):
            self._transport.write(began + room.here() + room.present())
        else:
            self._transport.write(began + RESET)
            self._transport.close()
        if room.outlet and not ticket.moderates:
            room.guests.add(self._transport)
            room.outlet.invite()
        return HTTPStatus.OK

    def _place_elsewhere(self, room: Room, ticket: Ticket, start: Position | None) -> str:
        """Where nchan goes on with this stream; "" if the relay has to. Who moderates is told things here alone."""
        if room.outlet is None or ticket.moderates or (start and start.epoch != room.epoch):
            return ""
        return room.outlet.place(start.sequence if start else None, ticket.author)

    def _meet(self, room: Room, ticket: Ticket) -> None:
        """Be found when something concerns this author alone, or who moderates."""
        self.ticket = ticket
        if ticket.author:
            self.relay.streams.add(self)
            room.floor.see(ticket.author)
        if ticket.moderates:
            room.moderators.add(self._transport)

    async def _drained(self) -> None:
        """Wait until the client has taken what was written; TimeoutError if it takes too long over it."""
        if self._unsent:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._unsent

    def tell(self, frame: bytes) -> None:
        """Send an event to this stream alone."""
        if not self._transport.is_closing():
            self._transport.write(frame)

    def expire(self) -> None:
        """The ticket is over; who still has not taken what was sent is not waited for."""
        if self._room:
            self._room.leave(self._transport)
        if self._transport.get_write_buffer_size():
            self._transport.abort()
        else:
            self._transport.close()

    async def _post(self, request: Request, room: Room, ticket: Ticket) -> HTTPStatus:
        if not ticket.author:
            raise Refused(HTTPStatus.FORBIDDEN, "come in to write here")
        if not request.headers.get("content-type", "").startswith("application/json"):
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a message is application/json")
        try:
            speaker = Speaker(ticket.author, ticket.name, ticket.may_speak)
            said = await receive(self.relay, room, speaker, json.loads(request.body))
        except (Malformed, ValueError, RecursionError) as fault:
            why = str(fault) if isinstance(fault, Malformed) else "the body is not JSON"
            return self._say(HTTPStatus.UNPROCESSABLE_ENTITY, why, request)
        except Refusal as fault:
            status = HTTPStatus.TOO_MANY_REQUESTS if fault.wait else HTTPStatus.FORBIDDEN
            return self._say(status, problem(status, str(fault), fault.reason), request, retry_after=fault.wait)
        except NoSuchRoom as fault:
            raise Refused(HTTPStatus.NOT_FOUND, "there is no such room") from fault
        except NoSuchMessage as fault:
            return self._say(HTTPStatus.NOT_FOUND, str(fault), request)
        except NotStored as fault:
            return self._say(HTTPStatus.SERVICE_UNAVAILABLE, str(fault), request, retry_after=1)
        if said.is_held:
            return self._say(HTTPStatus.ACCEPTED, {"held": said.sequence}, request)
        return self._say(HTTPStatus.OK, {"sequence": said.sequence}, request)

    def _say(self, status: HTTPStatus, body: object, request: Request, *, retry_after: float = 0) -> HTTPStatus:
        self._transport.write(answer(status, body, keep_alive=request.keep_alive, retry_after=retry_after))
        return status

    def _refuse(self, refused: Refused) -> None:
        if self._room is not None:
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
        self.relay.connections.discard(self._transport)

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


# Whatever the relay answers, by place and method; tests/live/access.py says who may ask for it.
SERVED = {
    (PREFIX.decode(), "GET"): RelayConnection._stream,  # noqa: SLF001 - its own
    (PREFIX.decode(), "POST"): RelayConnection._post,  # noqa: SLF001
}
TOLD = {
    (ALIVE.decode(), "GET"): RelayConnection._tell_that_it_lives,  # noqa: SLF001
    (READY.decode(), "GET"): RelayConnection._tell_what_is_lacking,  # noqa: SLF001
}
