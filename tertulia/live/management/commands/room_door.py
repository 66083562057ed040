"""`tertulia room door SLUG NAME AUDIENCE`: who can read a room."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from tertulia.live.actions import set_audience
from tertulia.live.models import Audience, Room
from tertulia.programme.models import Event


class Command(BaseCommand):
    """Say who can read a room: anybody (public), or people who have come in to the event (account).

    Refuses (exit 2) an event or a room that is unknown; the rooms that there are stand in the answer.
    """

    help = "Say who can read a room: anybody, or people who have come in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which room, and who."""
        parser.add_argument("slug", metavar="SLUG", help="the event, as in its address: /events/SLUG/")
        parser.add_argument("name", metavar="NAME", help="the room, as it is called in the programme")
        parser.add_argument("audience", choices=Audience.values, help="public: anybody; account: who has come in")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Set it, and say so."""
        if not Event.objects.filter(slug=options["slug"]).exists():
            raise CommandError(f"there is no event called {options['slug']!r}")
        rooms = {room.place.name: room for room in Room.objects.filter(event__slug=options["slug"])}
        room = rooms.get(options["name"])
        if room is None:
            raise CommandError(f"no room of {options['slug']!r} is called so; there are: {', '.join(rooms) or 'none'}")
        set_audience(room, Audience(options["audience"]))
        self.stdout.write(f"{options['name']}: {room.get_audience_display()}.")
