"""The pages as an ASGI application: Django in a pool of threads that keep their database connections."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

from a2wsgi import WSGIMiddleware

from tertulia.project.body import Message, Receive, Refused, received
from tertulia.project.front import Scope, secure_address, seen_through
from tertulia.project.wsgi import application as pages

THREADS = 8

Send = Callable[[Message], Awaitable[None]]
BODY = "http.response.body"

# Django hands over a response where the type says an iterable of bytes; it is one.
_pages: Any = WSGIMiddleware(cast("Any", pages), workers=THREADS)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Give pages to Django, with the whole body of the request; one that is too slow or too large is not passed on.

    A stream that was asked for while another response was pending is told to come back on a line of its own.
    """
    if scope["type"] == "http" and scope["path"].startswith("/stream/"):
        await _turn_away(send, 503, (b"retry-after", b"1"))
        return
    seen = seen_through(scope)
    if address := secure_address(seen):
        await _turn_away(send, 301, (b"location", address))
        return
    try:
        whole = await received(receive)
    except Refused as refused:
        await _turn_away(send, refused.status)
        return
    if whole:
        await _pages(seen, whole, _with_its_end(send))


async def _turn_away(send: Send, status: int, *more: tuple[bytes, bytes]) -> None:
    headers = [*more, (b"connection", b"close"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": BODY, "body": b""})


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
