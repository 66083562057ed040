"""`tertulia staff invite`: a new colleague, and the link by which they come in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tertulia.people.actions import invite
from tertulia.people.management.answers import add_link_options, answer_with_link, refusals_end_the_command
from tertulia.people.models import StaffRole
from tertulia.people.queries.naming import is_borne


class Command(BaseCommand):
    """Makes a staff account; a role outside the list and an impossible scope are refused with exit code 2."""

    help = "Invite a colleague: prints a link by which they set up once how they come in."

    def add_arguments(self, parser: CommandParser) -> None:
        """A pseudonym and a role; the rest has defaults."""
        parser.add_argument("--pseudonym", required=True, metavar="NAME", help="what colleagues call them")
        parser.add_argument("--role", required=True, choices=StaffRole.values, help="what they may do")
        parser.add_argument("--scope", default="", metavar="SLUG", help="one event only, by its address")
        add_link_options(parser)

    def handle(self, **options: Any) -> None:
        """Invite and print."""
        with refusals_end_the_command():
            account = invite(options["pseudonym"], StaffRole(options["role"]), options["scope"])
            answer_with_link(self, account, options)
        if is_borne(account.pseudonym):
            self.stderr.write(
                "Somebody who takes part goes by a name like this now, and could be taken for one of the staff."
            )
