"""Who may read a room, who may write there, and who moderates it."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from tertulia.live.models import WITH_PASS, Audience, RestrictionKind, Room, restriction_on
from tertulia.people.models import Account, StaffRole
from tertulia.people.rules import Visitor, acts_as
from tertulia.programme.models import Participation


def can_read(
    room: Room, participation: Participation | None, *, has_pass: bool = False, moderates: bool = False
) -> bool:
    """A public room: anybody; else who has come in to the room's event, and `has_pass` where one is needed.

    Who `moderates` reads every room; who was asked to leave reads none.
    """
    if moderates:
        return True
    if restriction_on(room, participation, RestrictionKind.BAN):
        return False
    if room.audience == Audience.PUBLIC:
        return True
    return belongs(room, participation) and (has_pass or room.audience not in WITH_PASS)


def can_speak(room: Room, participation: Participation | None) -> bool:
    """Who has come in to the room's event, while neither the room nor the event is closed, nor the room to them.

    Whether one may read the room, which comes first, is `can_read`.
    """
    is_open = room.is_open and room.event.closed_on is None
    return is_open and belongs(room, participation) and restriction_on(room, participation, *RestrictionKind) is None


def can_moderate(visitor: Visitor, room: Room) -> bool:
    """Whether the visitor moderates the room: who organises its event, or moderates it."""
    return acts_as(visitor, StaffRole.ORGANISER, StaffRole.MODERATOR)(room.event.slug)


def can_open_door(visitor: Visitor, room: Room) -> bool:
    """Whether the visitor may say who can read the room: who moderates it."""
    return can_moderate(visitor, room)


def belongs(room: Room, participation: Participation | None) -> bool:
    """Whether the participation is one in the event of this room."""
    return participation is not None and participation.event_id == room.event_id


def account_of(user: Account | AnonymousUser) -> Account | None:
    """The account behind a request's user; None for a visitor."""
    return user if isinstance(user, Account) else None
