"""`tertulia staff link`: another link for a colleague who is already known."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tertulia.people.management.answers import add_link_options, answer_with_link, colleague, refusals_end_the_command


class Command(BaseCommand):
    """Makes a link to set up a factor; an unknown account and one without a role are refused with exit code 2."""

    help = "Print another link for a colleague who lost theirs: passkeys, password, codes, older links, sessions end."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose link."""
        parser.add_argument("public_id", metavar="PUBLIC_ID", help="as staff invite printed it")
        add_link_options(parser)

    def handle(self, **options: Any) -> None:
        """Issue and print."""
        account = colleague(options["public_id"])
        with refusals_end_the_command():
            answer_with_link(self, account, options)
