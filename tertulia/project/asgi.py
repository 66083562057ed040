"""The pages as an ASGI application: Django in a pool of threads that keep their database connections."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.db import connections

from tertulia.project.body import Incoming, Receive, Refused, received
from tertulia.project.front import Scope, secure_address, seen_through
from tertulia.project.journal import keep_words_out
from tertulia.project.outgoing import Outgoing, Send
from tertulia.project.refusals import turn_away
from tertulia.project.warm import load_pages
from tertulia.project.wsgi import application as pages

THREADS = 8
LIFE = "lifespan"
RETRY_SECONDS = b"10"

# Nothing bounds the queue: what waits for a reader is counted in its answer, and a thread never waits for one.
# Django hands over a response where the type says an iterable of bytes; it is one.
_pages: Any = WSGIMiddleware(cast("Any", pages), workers=THREADS, send_queue_size=0)


def loaded() -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """The application, when whatever the first visitor needs has been loaded: in each process of `tertulia web`."""
    if not settings.DEBUG:
        keep_words_out()
    # In a thread, as every page: the loop that asks for the application runs already, and Django would refuse.
    loading = Thread(target=_load)
    loading.start()
    loading.join()
    if parent := parent_process():
        Thread(target=_go_with, args=(parent,), daemon=True).start()
    return application


def _load() -> None:
    load_pages()
    connections.close_all()


def _go_with(parent: BaseProcess) -> None:
    """End when the process that began this one is gone, however it went: else the port would stay taken."""
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Give pages to Django, with the whole body of the request; one that is too slow or too large is not passed on.

    A stream that was asked for while another response was pending is told to come back on a line of its own. When the
    server ends, and all pages are given, what waits in its memory is written down.
    """
    if scope["type"] == LIFE:
        await _live(receive, send)
        return
    incoming = Incoming(scope["headers"], receive)
    seen = seen_through(scope)
    if scope["path"].startswith("/stream/"):
        await turn_away(scope, incoming, send, 503, (b"retry-after", b"1"))
    elif address := secure_address(seen):
        await turn_away(scope, incoming, send, 301, (b"location", address))
    else:
        await _answer(seen, incoming, send)


async def _live(receive: Receive, send: Send) -> None:
    """The life of the server, as it tells of it: nothing at its beginning, a last act at its end."""
    # Not at the head: in a process of `tertulia web` the apps are loaded by what stands there.
    from tertulia.people.actions import hand_in_answers

    await receive()
    await send({"type": f"{LIFE}.startup.complete"})
    await receive()
    await asyncio.to_thread(hand_in_answers)
    await send({"type": f"{LIFE}.shutdown.complete"})


async def _answer(seen: Scope, incoming: Incoming, send: Send) -> None:
    try:
        async with received(seen["path"], incoming) as whole:
            if whole:
                await _page(seen, whole, send)
    except Refused as refused:
        more = [(b"retry-after", RETRY_SECONDS)] if refused.status == 503 else []  # noqa: PLR2004 - as HTTP calls it
        await turn_away(seen, incoming, send, refused.status, *more)


async def _page(seen: Scope, whole: Receive, send: Send) -> None:
    answer = Outgoing(seen, send)
    delivery = asyncio.create_task(answer.deliver())
    try:
        await _pages(seen, whole, answer.say)
        await delivery
    finally:
        delivery.cancel()
        answer.let_go()
