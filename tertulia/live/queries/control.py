"""How a room is kept, as the relay and those who moderate are told."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from tertulia.live.models import Restriction, RestrictionKind, Room
from tertulia.live.queries.room import Message, latest_talk
from tertulia.live.relay.boxes import Boxes

# The relay knows no "for good": the first second of the year 9999.
FOR_GOOD = 253_370_764_800.0
REMEMBERED = 500


def control_of(room: Room) -> dict[str, Any]:
    """The whole control of the room, as the hub takes it: rules, and who is muted or banned until when (Unix seconds).

    A room of a closed event is closed.
    """
    return {
        "open": room.is_open and room.event.closed_on is None,
        "slow": room.slow_seconds,
        "hold": room.is_held,
        "newcomers": room.newcomer_minutes,
        "muted": _authors(room, RestrictionKind.MUTE),
        "banned": _authors(room, RestrictionKind.BAN),
        "door": room.door,
    }


def restrictions_of(room: Room) -> QuerySet[Restriction]:
    """The restrictions that hold in the room now, its own and those of all rooms of its event."""
    return Restriction.objects.in_force(room)


def message_at(room: Room, sequence: int) -> Message | None:
    """The message with that sequence in the room; None if there is none, or its words are gone."""
    if not Boxes(settings.KEYS).has_room(room.public_id):
        return None
    found = latest_talk(room, 1, before=sequence + 1).messages
    return found[0] if found and found[0].sequence == sequence and not found[0].gone_by else None


def names_of(room: Room) -> dict[str, str]:
    """What the authors of the last 500 messages called themselves last, by their marks."""
    return {message.author: message.name for message in latest_talk(room, REMEMBERED).messages if message.author}


def _authors(room: Room, kind: RestrictionKind) -> dict[str, float]:
    authors: dict[str, float] = {}
    for author, until in restrictions_of(room).filter(kind=kind).values_list("author", "until"):
        authors[author] = max(authors.get(author, 0.0), until.timestamp() if until else FOR_GOOD)
    return authors
