"""The pages as an ASGI application: Django in a pool of threads that keep their database connections."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from a2wsgi import WSGIMiddleware

from tertulia.project.wsgi import application as pages

THREADS = 8

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Django hands over a response where the type says an iterable of bytes; it is one.
_pages: Any = WSGIMiddleware(cast("Any", pages), workers=THREADS)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Give pages to Django.

    A stream that was asked for while another response was pending is told to come back on a line of its own.
    """
    if scope["type"] == "http" and scope["path"].startswith("/stream/"):
        headers = [(b"retry-after", b"1"), (b"connection", b"close"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await _pages(scope, receive, send)
