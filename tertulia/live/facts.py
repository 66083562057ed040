"""What happened in rooms."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RoomsOpened:
    """Rooms for talk were opened at an event."""

    event_id: int
    count: int


@dataclass(frozen=True)
class AudienceSet:
    """It was said anew who can read a room; `by_id` is the account of staff, None the operator at the machine."""

    room_id: int
    by_id: int | None = None


@dataclass(frozen=True)
class TalkErased:
    """The key of a room was destroyed, and with it all that was said there."""

    room: str


@dataclass(frozen=True)
class RulesSet:
    """It was said anew how fast one may write in a room, and what waits for approval."""

    room_id: int
    by_id: int | None = None


@dataclass(frozen=True)
class RoomClosed:
    """A room was closed for writing."""

    room_id: int
    by_id: int | None = None


@dataclass(frozen=True)
class RoomOpened:
    """A room was opened for writing again."""

    room_id: int
    by_id: int | None = None


@dataclass(frozen=True)
class Muted:
    """Somebody may not write in a room for some `minutes`; it is not said who."""

    room_id: int
    minutes: int
    by_id: int | None = None


@dataclass(frozen=True)
class Banned:
    """Somebody was asked to leave all rooms of an event, for some `minutes` or (None) for good; it is not said who."""

    event_id: int
    minutes: int | None
    by_id: int | None = None


@dataclass(frozen=True)
class RestrictionLifted:
    """Somebody may write, or be there, again before the time was over; it is not said who."""

    event_id: int
    kind: str
    by_id: int | None = None


@dataclass(frozen=True)
class MessageRemoved:
    """A moderator took a message out of a room."""

    room_id: int
    by_id: int | None = None


@dataclass(frozen=True)
class WaitingDecided:
    """A message that waited for a moderator was published, or (not `is_approved`) taken out."""

    room_id: int
    is_approved: bool
    by_id: int | None = None


@dataclass(frozen=True)
class InvitationRenewed:
    """The link that invites into a room was made anew; the earlier ones, and what they opened, are void."""

    room_id: int
    by_id: int | None = None
