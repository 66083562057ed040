"""`tertulia event close SLUG`: the end of an event."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from tertulia.kit.errors import Gone
from tertulia.programme.actions.closing import close_event
from tertulia.programme.models import Event


class Command(BaseCommand):
    """Close an event: nobody comes in or writes any more, and what is kept for some days begins to run out.

    Refuses (exit 2) an unknown event, and one that is closed already.
    """

    help = "Close an event: nobody comes in or writes any more; what was said is erased some days later."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which one."""
        parser.add_argument("slug", metavar="SLUG", help="the event, as in its address: /events/SLUG/")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Close it, and say so."""
        event = Event.objects.filter(slug=options["slug"]).first()
        if event is None:
            raise CommandError(f"there is no event called {options['slug']!r}")
        try:
            day = close_event(event)
        except Gone as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{event.slug} is closed as of {day:%Y-%m-%d}.")
