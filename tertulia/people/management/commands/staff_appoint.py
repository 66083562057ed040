"""`tertulia staff appoint`: another role for a colleague, or one that they lose."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tertulia.people.actions import appoint, unappoint
from tertulia.people.management.answers import colleague, refusals_end_the_command, warn_without_administrator
from tertulia.people.models import StaffRole
from tertulia.people.queries.audit import roles_in_words
from tertulia.people.queries.colleagues import holds_role


class Command(BaseCommand):
    """Gives or takes a role; an unknown account, an impossible scope, the only role are refused with exit code 2."""

    help = "Give a colleague another role, or take one away."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, which role, and for which event."""
        parser.add_argument("public_id", metavar="PUBLIC_ID", help="as staff invite printed it")
        parser.add_argument("--role", required=True, choices=StaffRole.values, help="what they may do")
        parser.add_argument("--scope", default="", metavar="SLUG", help="one event only, by its address")
        parser.add_argument("--take-away", action="store_true", help="they lose this role; their others stay")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        """Give or take, and say what they hold now."""
        account = colleague(options["public_id"])
        was_held = holds_role(account, options["role"], options["scope"])
        with refusals_end_the_command():
            change = unappoint if options["take_away"] else appoint
            change(account, StaffRole(options["role"]), options["scope"])
        if options["take_away"]:
            warn_without_administrator(self)
        roles = roles_in_words(account)
        told = {"public_id": account.public_id, "pseudonym": account.pseudonym, "roles": roles.split(", ")}
        is_now = "was that already, and is" if was_held and not options["take_away"] else "is now"
        self.stdout.write(json.dumps(told) if options["json"] else f"{account.pseudonym} {is_now}: {roles}")
