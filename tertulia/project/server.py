"""The servers: pages and relay in one process and on one port with the worker as its child, or each by itself."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import uvicorn
import uvloop
from django.conf import settings
from django.core.management import CommandError
from django.db import connection, connections
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from tertulia.live.queries import log_address
from tertulia.live.relay.connection import RelayConnection
from tertulia.live.relay.fanout import Fanout
from tertulia.live.relay.hub import Hub
from tertulia.live.relay.relay import Relay
from tertulia.live.relay.takeover import shared_protocol
from tertulia.project import address
from tertulia.project.release import is_prepared

GRACE_SECONDS = 10
# How many may stand at the door of the relay at once, when everybody comes back after a restart.
BACKLOG = 4096
log = logging.getLogger("tertulia.house")


def check_parts() -> None:
    """CommandError on SQLite, which is not meant for several servers, and on a database of another release."""
    if connection.vendor == "sqlite":
        raise CommandError("web and relay run apart on PostgreSQL only: set DATABASE_URL, or start `serve`")
    if not is_prepared():
        raise CommandError("the database has not been brought up to this release: `prepare` does it")


def _relay() -> Relay:
    """The relay of this house; ValueError for an address of nchan that is none."""
    fanout = Fanout(settings.FANOUT_ADDRESS, settings.FANOUT_FILE) if settings.FANOUT_ADDRESS else None
    return Relay(log_address(), settings.KEYS, settings.KEYS.make("tickets"), settings.ERASURES, fanout)


def _settings_of(host: str, port: int, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        host=host,
        port=port,
        ws="none",
        loop="uvloop",
        lifespan="on",
        interface="asgi3",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=BACKLOG,
        **more,
    )


class Quiet(uvicorn.Server):
    """uvicorn's own, but the signal that ended the server is not sent once more: there may be more to be ended."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, and then all is said."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()


class Pages:
    """The pages without the relay, in as many processes as `workers` says; a process that dies is replaced."""

    def __init__(self, host: str, port: int, workers: int) -> None:
        self.started = False
        self._config = _settings_of(
            host, port, app="tertulia.project.asgi:loaded", factory=True, http="httptools", workers=workers
        )

    def run(self) -> None:
        """Until told to stop; requests that are under way are finished."""
        if self._config.workers == 1:
            server = Quiet(self._config)
            server.run()
            self.started = server.started
            return
        connections.close_all()
        crew = Multiprocess(self._config, [self._config.bind_socket()])
        crew.run()
        self.started = all(process.exitcode != STARTUP_FAILURE for process in crew.processes)


class Streams:
    """The relay without the pages: a port of its own, and the hub on which pages speak to it."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self.relay = _relay()
        self.hub = Hub(self.relay, settings.LIVE_SOCKET)

    def run(self) -> None:
        """Until told to stop; what is being committed is finished. Taken; Damaged; OSError if the port is taken."""
        connections.close_all()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        loop, told = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, told.set)
        async with self._relaying():
            door = await loop.create_server(lambda: RelayConnection(self.relay), self.host, self.port, backlog=BACKLOG)
            await told.wait()
            door.close()

    @contextlib.asynccontextmanager
    async def _relaying(self) -> AsyncIterator[None]:
        """Be a relay until the end of the block, and the one that the pages of this host speak to, if none is."""
        await self.hub.start_or_stand_by()
        try:
            self.relay.start()
            yield
        finally:
            await self.hub.stop()
            await self.relay.stop()


class House(Quiet):
    """Pages, streams and the hub between them; they start and end together.

    `worker` is the process id of a child that does the work that is put off; another takes its place when it dies.
    `when_open` is called once, in a thread of its own, when the port is open.
    """

    def __init__(self, host: str, port: int, worker: int, when_open: Callable[[], None] | None = None) -> None:
        self.worker = worker
        self.when_open = when_open
        self._watch = -1
        self.relay = _relay()
        self.hub = Hub(self.relay, settings.LIVE_SOCKET)
        protocol = shared_protocol(self.relay)
        super().__init__(_settings_of(host, port, app="tertulia.project.asgi:application", http=protocol))

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
        if self.should_exit:
            # Told to stop together, as Ctrl-C does: it has only been faster.
            return
        os.close(self._watch)
        os.waitpid(self.worker, 0)
        log.error("the worker has ended; another one takes its place")
        # Not forked: this process has threads by now.
        line = [sys.executable, "-m", "tertulia.project", "worker", "--child-of", str(os.getpid())]
        self.worker = subprocess.Popen(line).pid  # noqa: S603 - ourselves
        self._watch_worker()
