"""Who may do what with a programme."""

from __future__ import annotations

from tertulia.people.models import Account
from tertulia.people.rules import Visitor, is_organiser, is_staff
from tertulia.programme.models import Event


def can_edit_programme(visitor: Visitor, event: Event | None) -> bool:
    """Whether the visitor organises `event`; with None, whether they may make a new one (organisers of all events)."""
    return is_organiser(visitor, event.slug if event else "")


def can_see_staff_programme(visitor: Visitor) -> bool:
    """Whether the visitor may read the lists of events and sessions on the staff screens: any member of staff."""
    return is_staff(visitor)


def can_join(event: Event, account: Account | None = None) -> bool:
    """Whether `account` (None: somebody new) may come in: no shut account, no event that is closed or not saved.

    Nor an account of staff: colleagues know its pseudonym, and it would be joined to a chosen name.
    """
    stands = not event._state.adding  # noqa: SLF001 - Django's documented way to tell a saved row
    takes_part = account is None or (account.is_active and not is_staff(account))
    return stands and event.closed_on is None and takes_part
