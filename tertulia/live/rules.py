"""Who may read a room, and who may write there."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from tertulia.live.models import Audience, Room
from tertulia.people.models import Account, StaffRole
from tertulia.people.rules import Visitor, acts_as
from tertulia.programme.models import Participation


def can_read(room: Room, participation: Participation | None) -> bool:
    """A public room: anybody; else who has come in to the room's event."""
    return room.audience == Audience.PUBLIC or belongs(room, participation)


def can_speak(room: Room, participation: Participation | None) -> bool:
    """Who has come in to the room's event, while neither the room nor the event is closed."""
    return room.is_open and room.event.closed_on is None and belongs(room, participation)


def can_open_door(visitor: Visitor, room: Room) -> bool:
    """Whether the visitor may say who can read the room: who organises its event, or moderates it."""
    return acts_as(visitor, StaffRole.ORGANISER, StaffRole.MODERATOR)(room.event.slug)


def belongs(room: Room, participation: Participation | None) -> bool:
    """Whether the participation is one in the event of this room."""
    return participation is not None and participation.event_id == room.event_id


def account_of(user: Account | AnonymousUser) -> Account | None:
    """The account behind a request's user; None for a visitor."""
    return user if isinstance(user, Account) else None
