"""`tertulia audit verify`: whether the audit log is whole."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tertulia.people.queries.audit import looked_over

FOUND_WRONG = 1


class Command(BaseCommand):
    """Looks at each entry and its seal; ends with exit code 1 if one was changed, removed or put in another place."""

    help = "Look whether the audit log is whole: nothing changed, nothing missing."

    def add_arguments(self, parser: CommandParser) -> None:
        """An end that was noted before."""
        parser.add_argument(
            "--noted", default="", metavar="END", help="an end of the log that was printed before, such as 12-0f3a…"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        """Look, and say what was found."""
        verdict = looked_over(options["noted"])
        if options["json"]:
            told = {"entries": verdict.entries, "end": verdict.end, "faults": list(verdict.faults)}
            self.stdout.write(json.dumps(told))
        else:
            whole = f"The audit log is whole: {verdict.entries} entries. Note its end elsewhere: {verdict.end}"
            self.stdout.write("\n".join(verdict.faults) or whole)
        if verdict.faults:
            raise SystemExit(FOUND_WRONG)
