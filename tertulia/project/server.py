"""The server: pages and relay in one process and on one port, and the worker as its child."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any
from wsgiref.util import setup_testing_defaults

import uvicorn
from django.conf import settings

from tertulia.live.queries import log_address
from tertulia.live.relay.hub import Hub
from tertulia.live.relay.relay import Relay
from tertulia.live.relay.takeover import shared_protocol
from tertulia.project import address

GRACE_SECONDS = 10
log = logging.getLogger("tertulia.house")


def load_pages() -> None:
    """Import whatever pages need and make the front page once, for nobody; processes forked afterwards share it.

    Whatever is imported or made for the first time after a fork writes on memory that was shared until then.
    """
    pages = import_module("tertulia.project.wsgi").application
    request: dict[str, Any] = {"HTTP_HOST": settings.HOST}
    setup_testing_defaults(request)
    pages(request, lambda *_: None).close()


class House(uvicorn.Server):
    """Pages, streams and the hub between them; they start and end together.

    `worker` is the process id of a child that does the work that is put off; another takes its place when it dies.
    `when_open` is called once, in a thread of its own, when the port is open.
    """

    def __init__(self, host: str, port: int, worker: int, when_open: Callable[[], None] | None = None) -> None:
        self.worker = worker
        self.when_open = when_open
        self._watch = -1
        self.relay = Relay(log_address(), settings.KEYS, settings.KEYS.make("tickets"))
        self.hub = Hub(self.relay, settings.LIVE_SOCKET)
        super().__init__(
            uvicorn.Config(
                "tertulia.project.asgi:application",
                host=host,
                port=port,
                http=shared_protocol(self.relay),
                ws="none",
                loop="uvloop",
                lifespan="off",
                interface="asgi3",
                access_log=False,
                log_config=None,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, but the signal that ended the server is not sent once more: the worker is still to be ended."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take the place of the one relay, then open the port."""
        await self.hub.start()
        self.relay.start()
        self._watch_worker()
        await super().startup(sockets)
        if self.started:
            # Only now: a server that is refused has not moved the house.
            address.note(settings.DATA, settings.ADDRESS)
        if self.started and self.when_open:
            threading.Thread(target=self.when_open, daemon=True).start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish the pages that are under way, which may still want to speak, then the relay."""
        await super().shutdown(sockets)
        await self.hub.stop()
        await self.relay.stop()
        asyncio.get_running_loop().remove_reader(self._watch)
        os.close(self._watch)

    def _watch_worker(self) -> None:
        # A file descriptor that becomes readable when the process ends; the loop keeps SIGCHLD for itself.
        self._watch = os.pidfd_open(self.worker)
        asyncio.get_running_loop().add_reader(self._watch, self._replace_worker)

    def _replace_worker(self) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._watch)
        os.close(self._watch)
        os.waitpid(self.worker, 0)
        log.error("the worker has ended; another one takes its place")
        # Not forked: this process has threads by now.
        line = [sys.executable, "-m", "tertulia.project", "worker", "--child-of", str(os.getpid())]
        self.worker = subprocess.Popen(line).pid  # noqa: S603 - ourselves
        self._watch_worker()
