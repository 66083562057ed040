"""Colleagues, their roles, and what each role may do here today."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from tertulia.kit.names import look_alike
from tertulia.people.models import Account, Appointment, StaffRole

# What a role has to do here; one that is not in it has nothing to do yet.
DOES: dict[str, Any] = {
    StaffRole.ADMINISTRATOR: _("Invites colleagues, gives roles, reads the audit log, and may do what all others may."),
    StaffRole.ORGANISER: _("Imports the programme. Who organises all events also cares for the persons they credit."),
    StaffRole.PROGRAMMER: _("Imports the programme."),
    StaffRole.CARE: _("Sees what persons agreed to, and takes it back when they ask for it."),
    StaffRole.EDITOR: _("Writes what the front page says."),
}
NOTHING = _("There is nothing to do here for this role yet. You can read what is on.")


@dataclass(frozen=True)
class Held:
    """A role that somebody holds: what it is called, for which event (empty: for all), and what it does."""

    role: str
    label: str
    scope: str
    does: Any


def colleagues_listed() -> list[tuple[Account, list[Held]]]:
    """All who hold a role, by pseudonym, each with their roles."""
    roles = Prefetch("appointments", Appointment.objects.order_by("role", "scope"))
    found = Account.objects.exclude(appointments=None).distinct().prefetch_related(roles).order_by("pseudonym")
    return [(account, [_held(one) for one in account.appointments.all()]) for account in found]


def has_administrator() -> bool:
    """Whether somebody administers the house."""
    return Appointment.objects.filter(role=StaffRole.ADMINISTRATOR, account__is_active=True).exists()


def kept_colleagues() -> list[str]:
    """The public ids of all accounts that hold a role."""
    return list(Account.objects.exclude(appointments=None).values_list("public_id", flat=True).distinct())


def colleague_named(public_id: str) -> Account | None:
    """The colleague of that public name, or None."""
    return Account.objects.filter(public_id=public_id).exclude(appointments=None).distinct().first()


def colleague_called(name: str) -> Account | None:
    """The active colleague called `name`, in large letters or small ones of any script, or None."""
    asked = spelled(name).casefold()
    among = Account.objects.exclude(pseudonym="").filter(is_active=True)
    return next((account for account in among if account.pseudonym.casefold() == asked), None)


def is_pseudonym_taken(name: str) -> bool:
    """Whether one of the staff is or was called `name`, or something that could be taken for it."""
    taken = Account.objects.exclude(pseudonym="").values_list("pseudonym", flat=True)
    return any(look_alike(name, pseudonym) for pseudonym in taken)


def spelled(name: str) -> str:
    """The `name` of a colleague as it is stored: composed letters, single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def roles_held(account: Account) -> list[Held]:
    """The roles of the account, in order."""
    return [_held(one) for one in account.appointments.order_by("role", "scope")]


def holds_role(account: Account, role: str, scope: str) -> bool:
    """Whether the account holds just this role in this `scope` (an event's address; empty: everywhere)."""
    return account.appointments.filter(role=role, scope=scope).exists()


def _held(one: Appointment) -> Held:
    return Held(one.role, one.get_role_display(), one.scope, DOES.get(one.role, NOTHING))
