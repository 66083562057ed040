"""One connection to the relay: posts that are answered after the commit, or one stream that stays open."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from http import HTTPStatus

from tertulia.live.relay.changes import NoSuchMessage
from tertulia.live.relay.control import Refusal
from tertulia.live.relay.entries import Malformed, Position
from tertulia.live.relay.http import STREAM_HEAD, Refused, Request, elsewhere, problem
from tertulia.live.relay.line import RequestLine, is_for
from tertulia.live.relay.relay import Relay
from tertulia.live.relay.room import RESET, Room
from tertulia.live.relay.speaking import Speaker, receive
from tertulia.live.relay.tickets import COOKIE, Ticket, check
from tertulia.live.relay.writer import NoSuchRoom, NotStored

PREFIX = b"/stream/"
# Who watches over a relay asks here, if it has a port of its own; on a shared port the pages answer.
ALIVE, READY = b"/healthz", b"/readyz"


def is_for_relay(start: bytes) -> bool | None:
    """Whether a request that starts with these bytes is for the relay; None if more are needed to tell."""
    return is_for((PREFIX,), start)


class RelayConnection(RequestLine):
    """Listens for somebody, or takes what somebody says; `give_back` as for `RequestLine`, on a shared port."""

    def __init__(self, relay: Relay, give_back: Callable[[bytes], None] | None = None) -> None:
        super().__init__((PREFIX,) if give_back else (PREFIX, ALIVE, READY), give_back)
        self.relay = relay
        self._room: Room | None = None
        self.ticket: Ticket
        self._expiry: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with a transport that is new, or taken over between two requests."""
        super().connection_made(transport)
        self.relay.connections.add(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody listens here any more."""
        super().connection_lost(exc)
        self.relay.streams.discard(self)
        if self._room:
            self._room.leave(self._transport)
        if self._expiry:
            self._expiry.cancel()

    async def serve(self, request: Request) -> HTTPStatus:
        """As `RequestLine.serve`."""
        place = PREFIX.decode()
        if not request.path.startswith(place):
            return await self._tell_how_it_is(request)
        name = request.path.removeprefix(place)
        ticket = self._ticket(request, name)
        try:
            room = await self.relay.room(name)
        except NoSuchRoom as fault:
            raise Refused(HTTPStatus.NOT_FOUND, "there is no such room") from fault
        if not self.relay.streams.admits(ticket, room):
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
        self._room, self._is_stream = room, True
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
        self.relay.streams.add(self)
        if ticket.author:
            room.floor.see(ticket.author)
        if ticket.moderates:
            room.moderators.add(self._transport)

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

    def _let_go(self) -> None:
        super()._let_go()
        self.relay.connections.discard(self._transport)


# Whatever the relay answers, by place and method; tests/live/access.py says who may ask for it.
SERVED = {
    (PREFIX.decode(), "GET"): RelayConnection._stream,  # noqa: SLF001 - its own
    (PREFIX.decode(), "POST"): RelayConnection._post,  # noqa: SLF001
}
TOLD = {
    (ALIVE.decode(), "GET"): RelayConnection._tell_that_it_lives,  # noqa: SLF001
    (READY.decode(), "GET"): RelayConnection._tell_what_is_lacking,  # noqa: SLF001
}
