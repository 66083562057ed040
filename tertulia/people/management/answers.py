"""How the staff commands speak: a link and whose it is, in words or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from tertulia.kit.errors import Refusal
from tertulia.people.actions import issue_sign_in_link
from tertulia.people.models import Account
from tertulia.people.queries import account_named
from tertulia.people.queries.colleagues import has_administrator


def add_link_options(parser: CommandParser) -> None:
    """How long the link lasts, where it works, and in which form it is printed."""
    parser.add_argument(
        "--minutes",
        type=int,
        default=60,
        help="how long the link lasts at least (default 60): to the full hour, or from a day on to its end (UTC)",
    )
    loopback = "the link works on this machine alone, and lets in at once"
    parser.add_argument("--loopback", action="store_true", help=loopback)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def colleague(public_id: str) -> Account:
    """The account of that public name; an unknown one ends the command."""
    account = account_named(public_id)
    if account is None:
        raise CommandError(f"no account is called {public_id}")
    return account


@contextmanager
def refusals_end_the_command() -> Iterator[None]:
    """One transaction; what an action refuses ends the command with its sentence, and nothing is changed."""
    try:
        with transaction.atomic():
            yield
    except Refusal as refusal:
        raise CommandError(str(refusal)) from refusal


def warn_without_administrator(command: BaseCommand) -> None:
    """Say how to appoint another one if nobody administers the house any more."""
    if not has_administrator():
        command.stderr.write(
            "Nobody is an administrator now; appoint one: tertulia staff invite --pseudonym NAME --role administrator"
        )


def answer_with_link(command: BaseCommand, account: Account, options: dict[str, Any]) -> None:
    """Issue a link as the options ask, and print it; NotAllowed and Invalid as `issue_sign_in_link`."""
    token = issue_sign_in_link(account, options["minutes"], loopback_only=options["loopback"])
    link = settings.ADDRESS + reverse("people:sign_in_by_link", args=[token])
    told = {"public_id": account.public_id, "pseudonym": account.pseudonym, "link": link, "minutes": options["minutes"]}
    if options["json"]:
        command.stdout.write(json.dumps(told))
        return
    does = "comes in once, on this machine," if options["loopback"] else "sets up once how they come in,"
    command.stdout.write(f"{account.pseudonym} ({account.public_id}) {does} within {options['minutes']} minutes:")
    command.stdout.write(link)
