"""`tertulia event export SLUG --format json`: an event's programme on standard output."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from tertulia.programme.formats import schedule_json
from tertulia.programme.formats.entries import Schedule
from tertulia.programme.models import Event
from tertulia.programme.queries.schedule import schedule_of

WRONG = 2
WRITERS: dict[str, Callable[[Schedule, str], bytes]] = {"json": schedule_json.render}


class Command(BaseCommand):
    """Writes an event's programme to standard output in a format that other programs read."""

    help = "Write an event's programme to standard output, for other programs and for keeping."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What can be said on the line."""
        parser.add_argument("slug", metavar="SLUG", help="the event's address, as in /events/SLUG/")
        formats = ", ".join(WRITERS)
        parser.add_argument("--format", choices=WRITERS, default="json", help=f"how it is written: {formats}")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write; CommandError (exit code 2) if there is no such event."""
        event = Event.objects.filter(slug=options["slug"]).first()
        if event is None:
            raise CommandError(f"there is no event called {options['slug']!r}", returncode=WRONG)
        base = settings.ADDRESS + reverse("programme:event", args=[event.slug])
        written = WRITERS[options["format"]](schedule_of(event), base)
        self.stdout.write(written.decode(), ending="\n")
