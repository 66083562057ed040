"""`tertulia relay`: the streams of the rooms alone."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from tertulia.live.relay.hub import Taken
from tertulia.live.relay.store.log import Damaged
from tertulia.project.address import add_options
from tertulia.project.place import check_place
from tertulia.project.server import Streams, check_parts

PORT = 8002


class Command(BaseCommand):
    """Be a relay until it is told to stop (SIGTERM, or Ctrl-C); there may be several, each on a port of its own.

    Refuses with one line SQLite, a port that cannot be opened, a room log that is damaged.
    """

    help = "Start the rooms' streams alone, on PostgreSQL; `web` and `worker` run beside it (`serve` is all in one)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        add_options(parser, PORT)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Look whether it can, then serve."""
        check_parts()
        check_place(options["host"], options["port"])
        try:
            Streams(options["host"], options["port"]).run()
        except (Taken, Damaged) as fault:
            raise CommandError(str(fault)) from fault
        except OSError as fault:
            raise CommandError(f"the port {options['port']} could not be opened: {fault.strerror}") from fault
