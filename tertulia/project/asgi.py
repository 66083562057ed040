"""The pages as an ASGI application: Django in a pool of threads that keep their database connections."""

from __future__ import annotations

from typing import Any, cast

from a2wsgi import WSGIMiddleware

from tertulia.project.body import Incoming, Message, Receive, Refused, received
from tertulia.project.front import Scope, secure_address, seen_through
from tertulia.project.refusals import BODY, Send, turn_away
from tertulia.project.wsgi import application as pages

THREADS = 8
RETRY_SECONDS = b"10"

# Django hands over a response where the type says an iterable of bytes; it is one.
_pages: Any = WSGIMiddleware(cast("Any", pages), workers=THREADS)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Give pages to Django, with the whole body of the request; one that is too slow or too large is not passed on.

    A stream that was asked for while another response was pending is told to come back on a line of its own.
    """
    incoming = Incoming(scope["headers"], receive)
    seen = seen_through(scope)
    if scope["path"].startswith("/stream/"):
        await turn_away(scope, incoming, send, 503, (b"retry-after", b"1"))
    elif address := secure_address(seen):
        await turn_away(scope, incoming, send, 301, (b"location", address))
    else:
        await _answer(seen, incoming, send)


async def _answer(seen: Scope, incoming: Incoming, send: Send) -> None:
    try:
        async with received(seen["path"], incoming) as whole:
            if whole:
                await _pages(seen, whole, _with_its_end(send))
    except Refused as refused:
        more = [(b"retry-after", RETRY_SECONDS)] if refused.status == 503 else []  # noqa: PLR2004 - as HTTP calls it
        await turn_away(seen, incoming, send, refused.status, *more)


def _with_its_end(send: Send) -> Send:
    """The last bytes of a response, and the word that they are the last, leave together.

    Else a browser that has all it was promised may ask for a stream before the server knows that it is done.
    """
    held: list[Message] = []

    async def hold(message: Message) -> None:
        has_ended = message["type"] == BODY and not message.get("more_body")
        if has_ended and held and held[-1]["type"] == BODY:
            held[-1] = {"type": BODY, "body": held[-1].get("body", b"") + message.get("body", b"")}
        else:
            held.append(message)
        while held and (has_ended or len(held) > 2):  # noqa: PLR2004 - the head and one piece of the body
            await send(held.pop(0))

    return hold
