"""Who may do what with a programme."""

from __future__ import annotations

from collections.abc import Callable

from tertulia.people.models import Account, StaffRole
from tertulia.people.rules import Visitor, acts_as, is_organiser, is_scope, is_staff, reach_of
from tertulia.programme.models import Event

_MAY_EXPORT = (StaffRole.ORGANISER, StaffRole.CARE)


def can_edit_programme(visitor: Visitor, event: Event | None) -> bool:
    """Whether the visitor organises `event` or makes its programme; None: whether they may make a new event.

    A new one is made by who does so for all events.
    """
    return edited_by(visitor)(event.slug if event else "")


def edited_by(visitor: Visitor) -> Callable[[str], bool]:
    """`can_edit_programme`, to be asked of many events, by their addresses, at the price of one query."""
    return acts_as(visitor, StaffRole.ORGANISER, StaffRole.PROGRAMMER)


def can_import(visitor: Visitor) -> bool:
    """Whether there is an event whose programme the visitor may read in from a file, or may make."""
    return bool(reach_of(visitor, StaffRole.ORGANISER, StaffRole.PROGRAMMER))


def can_close(visitor: Visitor, event: Event) -> bool:
    """Whether the visitor may close `event`: who organises it."""
    return is_organiser(visitor, event.slug)


def can_export_credits(visitor: Visitor, event_slug: str) -> bool:
    """Whether the visitor may export whom the event at `event_slug` credits: who organises it, or cares there."""
    return credits_exported_by(visitor)(event_slug) and is_scope(event_slug)


def credits_exported_by(visitor: Visitor) -> Callable[[str], bool]:
    """`can_export_credits`, to be asked of many events that there are, at the price of one query."""
    return acts_as(visitor, *_MAY_EXPORT)


def can_export_any_credits(visitor: Visitor) -> bool:
    """Whether there is an event whose credits the visitor may export."""
    return bool(reach_of(visitor, *_MAY_EXPORT))


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
