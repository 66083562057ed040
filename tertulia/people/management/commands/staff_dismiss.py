"""`tertulia staff dismiss`: a colleague leaves the staff."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tertulia.people.actions import dismiss
from tertulia.people.management.answers import colleague, refusals_end_the_command, warn_without_administrator


class Command(BaseCommand):
    """Ends a staff account; an unknown account and one that holds no role are refused with exit code 2.

    The last administrator's, too: then it says how to appoint another.
    """

    help = "End a colleague's account: their roles, links and sessions go at once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who goes."""
        parser.add_argument("public_id", metavar="PUBLIC_ID", help="as staff invite printed it")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        """Dismiss, and say who it was."""
        account = colleague(options["public_id"])
        with refusals_end_the_command():
            dismiss(account)
        warn_without_administrator(self)
        if options["json"]:
            self.stdout.write(json.dumps({"public_id": account.public_id, "pseudonym": account.pseudonym}))
            return
        self.stdout.write(f"{account.pseudonym} ({account.public_id}) is no longer one of the staff")
