"""`tertulia consent word`: another version of what people agree to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tertulia.people.actions import word_consent
from tertulia.people.management.answers import refusals_end_the_command
from tertulia.people.models import Purpose


class Command(BaseCommand):
    """Writes a new version; an unknown purpose and a text that is empty or cannot be read end it with exit code 2."""

    help = "Write another version of what people agree to, from one text file for each language."

    def add_arguments(self, parser: CommandParser) -> None:
        """What for, and the texts."""
        parser.add_argument("purpose", choices=Purpose.values, help="what people agree to")
        parser.add_argument(
            "--text", action="append", required=True, metavar="LANGUAGE=FILE", help="a language and its text; repeat it"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        """Write, and say which version it is."""
        texts = dict(map(_read, options["text"]))
        with refusals_end_the_command():
            version = word_consent(Purpose(options["purpose"]), texts)
        told = {"purpose": options["purpose"], "version": version, "languages": sorted(texts)}
        said = f"{told['purpose']}: version {version}, in {', '.join(sorted(texts))}"
        self.stdout.write(json.dumps(told) if options["json"] else said)


def _read(asked: str) -> tuple[str, str]:
    language, _sign, name = asked.partition("=")
    try:
        return language, Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise CommandError(f"{name or asked} cannot be read as text") from fault
