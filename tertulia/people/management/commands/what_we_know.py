"""`tertulia what-we-know`: everything that is held about whoever has these words."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tertulia.kit.phrases import LONGEST
from tertulia.people.queries import account_behind
from tertulia.people.queries.held import as_export, everything_held, identity_fields


class Command(BaseCommand):
    """Prints what is held; words that open nothing are refused with exit code 2."""

    written = "what-we-know"
    help = "Print everything that is held about a participant, whose words are read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        """No words: what stands on a command line is seen by everybody on the machine, and kept by the shell."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        """Read the words, and print."""
        if sys.stdin.isatty():
            self.stderr.write("The words or digits, then Enter:")
        words = sys.stdin.readline(LONGEST)
        if not words.strip():
            raise CommandError("no words came: type them, or let them come on standard input")
        account = account_behind(words)
        if account is None:
            raise CommandError("these words open nothing")
        fields = identity_fields(account)
        if options["json"]:
            self.stdout.write(json.dumps(as_export(account) | {"identity_fields": fields}, ensure_ascii=False))
            return
        for section in everything_held(account):
            self.stdout.write(section.title)
            for row in section.rows:
                self.stdout.write(f"  {row.what}: {row.value}")
                self.stdout.write(f"    {row.why} {row.ends}")
        self.stdout.write(f"What tells this person from others: {len(fields)} fields ({', '.join(fields)})")
