"""What is read of accounts."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest

from tertulia.kit.handover import taken_over
from tertulia.kit.pepper import Pepper
from tertulia.kit.phrases import normalise
from tertulia.people.models import Account, StaffRole

PHRASE_COOKIE = "w"
SECONDS_TO_SHOW_PHRASE = 600


class Role(NamedTuple):
    """A role and where it holds: the address of an event, or empty for all."""

    role: StaffRole
    scope: str


def account_behind(phrase: str) -> Account | None:
    """The active account that `phrase` (words or digits, however written) opens, or None.

    A right phrase and a wrong one cost the same: one HMAC for each version of the pepper, one query.
    """
    digests = Pepper(settings.PEPPER_FILE).digests(normalise(phrase))
    return Account.objects.filter(way_back__in=list(digests.values()), is_active=True).first()


def account_named(public_id: str) -> Account | None:
    """The account of that public name, or None."""
    return Account.objects.filter(public_id=public_id).first()


def is_pseudonym_taken(name: str) -> bool:
    """Whether one of the staff is or was called `name`, in large letters or small ones of any script."""
    taken = Account.objects.exclude(pseudonym="").values_list("pseudonym", flat=True)
    return name.casefold() in {pseudonym.casefold() for pseudonym in taken}


def roles_of(account: Account) -> frozenset[Role]:
    """The roles that the account holds."""
    held = account.appointments.values_list("role", "scope")
    return frozenset(Role(StaffRole(role), scope) for role, scope in held)


def phrase_to_show(request: HttpRequest, account: Account) -> str | None:
    """The new phrase that was handed over to this page for this account within ten minutes, or None."""
    return taken_over(request, PHRASE_COOKIE, label=label_of_phrase(account), seconds=SECONDS_TO_SHOW_PHRASE)


def label_of_phrase(account: Account) -> str:
    """What binds a handed-over phrase to its account and its present way back: a newer one makes it unreadable."""
    return f"people.way_back {account.public_id} {bytes(account.way_back or b'').hex()}"
