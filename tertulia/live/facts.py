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
