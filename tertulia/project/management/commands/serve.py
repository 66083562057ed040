"""`tertulia serve`: everything in one place, for a start."""

from __future__ import annotations

import contextlib
import os
import signal
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from tertulia.live.relay.hub import Taken
from tertulia.live.relay.store.log import Damaged
from tertulia.project import address, preparing
from tertulia.project.management.commands.prepare import announce
from tertulia.project.place import check_place
from tertulia.project.server import House
from tertulia.project.warm import load_pages
from tertulia.project.worker import fork_child


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
        check_place(options["host"], options["port"])
        announce(self.stdout)
        call_command("prepare", verbosity=0)
        preparing.end()
        self.serve(options["host"], options["port"])

    def house(self, host: str, port: int, worker: int) -> House:
        """What is served."""
        told = f"Open {address.address_at(host, port)}/  (Ctrl-C stops it)"
        return House(host, port, worker, lambda: self.stdout.write(told))

    def serve(self, host: str, port: int) -> None:
        """Serve until told to stop; CommandError if that cannot begin."""
        check_place(host, port)
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


def _end(child: int) -> None:
    """Let the worker finish what it has in hand."""
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
