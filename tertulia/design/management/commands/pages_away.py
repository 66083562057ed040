"""`tertulia pages away --out FILE`: the page that a server in front shows while this one does not answer."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language_info

from tertulia.design.queries import style_sheet


class Command(BaseCommand):
    """Write one file that needs no other: in every language of the interface, with its styles in itself.

    Refuses (exit 2) a place that cannot be written to.
    """

    help = "Write the page that a server in front shows while this one does not answer."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("--out", metavar="FILE", required=True, type=Path, help="the file to write, or to replace")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write it."""
        place: Path = options["out"]
        try:
            place.write_text(_page(), encoding="utf-8")
            # The server in front reads it, and is somebody else.
            place.chmod(0o644)
        except OSError as fault:
            raise CommandError(f"{place} cannot be written: {fault.strerror}") from fault
        self.stdout.write(f"Written: {place}")


def _page() -> str:
    styles = style_sheet().text.decode()
    given = {
        "styles": mark_safe(styles),  # noqa: S308 - our own style sheet
        "digest": base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode(),
        "languages": [
            (code, "rtl" if get_language_info(code)["bidi"] else "ltr") for code, _name in settings.LANGUAGES
        ],
    }
    return render_to_string("design/away_file.html", given)
