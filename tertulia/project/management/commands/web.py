"""`tertulia web`: the pages alone, in processes of their own."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from tertulia.project.address import add_options
from tertulia.project.place import check_place
from tertulia.project.server import Pages, check_parts

PORT = 8001
MOST_PROCESSES = 64


class Command(BaseCommand):
    """Give the pages until it is told to stop (SIGTERM, or Ctrl-C); what is asked for under /stream/ is turned away.

    Refuses with one line SQLite, a number of processes out of range, a port that cannot be opened.
    """

    help = "Start the pages alone, on PostgreSQL; `relay` and `worker` run beside it (`serve` is all in one)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen, and in how many processes."""
        add_options(parser, PORT)
        parser.add_argument(
            "--workers",
            type=int,
            default=1,
            metavar="N",
            help=f"the number of processes, 1 to {MOST_PROCESSES} (default: 1)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Look whether it can, then give pages."""
        if not 1 <= options["workers"] <= MOST_PROCESSES:
            raise CommandError(f"--workers is between 1 and {MOST_PROCESSES}")
        check_parts()
        check_place(options["host"], options["port"])
        pages = Pages(options["host"], options["port"], options["workers"])
        pages.run()
        if not pages.started:
            raise CommandError(f"the port {options['port']} could not be opened")
