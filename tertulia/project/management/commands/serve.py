"""`tertulia serve`: everything in one place, for a start."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from tertulia.live.relay.hub import Taken
from tertulia.live.relay.store.log import Damaged
from tertulia.project import address
from tertulia.project.server import House, load_pages
from tertulia.project.worker import fork_child

LAST_PORT = 65_535


class Command(BaseCommand):
    """Serve pages and rooms on one port until it is told to stop (SIGTERM, or Ctrl-C).

    Refuses with one line when another server uses the data folder or the port, or when the room log is damaged.
    """

    help = "Start the whole house on one port: pages, rooms, and the work that is put off."
    makes_folders = True

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        address.add_options(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Prepare the data folder, then serve."""
        _try(options["host"], options["port"])
        call_command("prepare", verbosity=0)
        self.serve(options["host"], options["port"])

    def house(self, host: str, port: int, worker: int) -> House:
        """What is served."""
        told = f"Open {address.address_at(host, port)}/  (Ctrl-C stops it)"
        return House(host, port, worker, lambda: self.stdout.write(told))

    def serve(self, host: str, port: int) -> None:
        """Serve until told to stop; CommandError if that cannot begin."""
        _try(host, port)
        load_pages()
        child = fork_child()
        try:
            house = self.house(host, port, child)
            house.run()
            child = house.worker
        except (Taken, Damaged) as fault:
            raise CommandError(str(fault)) from fault
        finally:
            _end(child)
        if not house.started:
            raise CommandError(f"the port {port} could not be opened")


def _try(host: str, port: int) -> None:
    """Refuse what cannot be listened on before anything is started."""
    if not 0 <= port <= LAST_PORT:
        raise CommandError(f"a port is a number from 1 to {LAST_PORT}")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            place.bind((host, port))
        except OSError as fault:
            if fault.errno == errno.EADDRINUSE:
                raise CommandError(f"the port {port} is taken: name another one with --port") from fault
            raise CommandError(f"{host} port {port} cannot be listened on: {fault.strerror or fault}") from fault


def _end(child: int) -> None:
    """Let the worker finish what it has in hand."""
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
