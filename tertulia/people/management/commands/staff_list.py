"""`tertulia staff list`: who is one of the staff, and in which roles."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tertulia.people.queries.audit import roles_in_words
from tertulia.people.queries.colleagues import colleagues_listed


class Command(BaseCommand):
    """Prints each colleague with the public id that the other commands of `staff` ask for."""

    help = "List who is one of the staff: their name, public id and roles."

    def add_arguments(self, parser: CommandParser) -> None:
        """In which form."""
        parser.add_argument("--json", action="store_true", help="print one JSON list")

    def handle(self, **options: Any) -> None:
        """Print them, by name."""
        rows = [(account, roles_in_words(account)) for account, _held in colleagues_listed()]
        if options["json"]:
            told = [{"public_id": one.public_id, "pseudonym": one.pseudonym, "roles": r.split(", ")} for one, r in rows]
            self.stdout.write(json.dumps(told))
            return
        for account, roles in rows:
            self.stdout.write(f"{account.pseudonym} ({account.public_id}): {roles}")
