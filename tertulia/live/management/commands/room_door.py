"""`tertulia room door SLUG NAME AUDIENCE [--renew]`: who can read a room."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from tertulia.live.actions import renew_invitation, set_audience
from tertulia.live.models import Audience, Room
from tertulia.live.queries import invitation_address
from tertulia.programme.models import Event


class Command(BaseCommand):
    """Say who can read a room; for people who are invited, print the link that invites.

    `public`: anybody; `account`: people who have come in to the event; `invited`: those who also have the link;
    `community`: those who also say that they are of the community. Refuses (exit 2) an event or a room that is unknown;
    the rooms that there are stand in the answer.
    """

    help = "Say who can read a room: anybody, people who have come in, who were invited, or who are of the community."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which room, who, and whether earlier links are to open nothing any more."""
        parser.add_argument("slug", metavar="SLUG", help="the event, as in its address: /events/SLUG/")
        parser.add_argument("name", metavar="NAME", help="the room, as it is called in the programme")
        parser.add_argument(
            "audience",
            choices=Audience.values,
            help="public: anybody; account: who has come in; invited: and has the link; community: and is of it",
        )
        parser.add_argument("--renew", action="store_true", help="make the link anew; earlier ones open nothing then")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Set it, and say so."""
        room = self._room(options["slug"], options["name"])
        set_audience(room, Audience(options["audience"]))
        if options["renew"]:
            renew_invitation(room)
        self.stdout.write(f"{options['name']}: {room.get_audience_display()}.")
        if room.audience == Audience.INVITED:
            self.stdout.write(f"The link that invites: {invitation_address(room)}")

    def _room(self, slug: str, name: str) -> Room:
        if not Event.objects.filter(slug=slug).exists():
            raise CommandError(f"there is no event called {slug!r}")
        rooms = {room.place.name: room for room in Room.objects.filter(event__slug=slug)}
        if name not in rooms:
            raise CommandError(f"no room of {slug!r} is called so; there are: {', '.join(rooms) or 'none'}")
        return rooms[name]
