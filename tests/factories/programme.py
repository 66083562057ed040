"""Events, rooms, sessions and participations for tests."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta

from tertulia.people.models import Account
from tertulia.programme.models import (
    Event,
    EventText,
    Participation,
    Room,
    Session,
    SessionText,
    Slot,
    Track,
)

FIRST_DAY = date(2021, 11, 16)


def make_event(slug: str = "", title: str = "A festival", days: int = 9, zone: str = "Europe/Warsaw") -> Event:
    """An event of some days from 16 November 2021 on, with a title in English."""
    event = Event.objects.create(
        slug=slug or f"festival-{secrets.token_hex(4)}",
        zone=zone,
        starts_on=FIRST_DAY,
        ends_on=FIRST_DAY + timedelta(days=days - 1),
    )
    EventText.objects.create(event=event, language="en", title=title)
    return event


def make_track(event: Event, name: str = "Science") -> Track:
    """A theme of the event."""
    return Track.objects.create(event=event, name=name, position=event.tracks.count())


def make_room(event: Event, name: str = "Main stage") -> Room:
    """A place of the event's programme."""
    return Room.objects.create(event=event, name=name, position=event.rooms.count())


def make_session(event: Event, title: str = "A panel", room: Room | None = None, hour: int = 12) -> Session:
    """A session of one hour on the first day, at an hour of UTC; in a room of the event, made if none is given."""
    session = Session.objects.create(event=event, slug=f"session-{secrets.token_hex(4)}", language="en")
    SessionText.objects.create(session=session, language="en", title=title)
    starts_at = datetime.combine(event.starts_on, datetime.min.time(), UTC) + timedelta(hours=hour)
    Slot.objects.create(
        session=session,
        room=room or event.rooms.first() or make_room(event),
        local_start=starts_at.isoformat()[:19],
        zone="UTC",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
    )
    return session


def let_in(account: Account, event: Event, chosen_name: str = "Nightingale") -> Participation:
    """The account is in at the event under a chosen name."""
    return Participation.objects.create(account=account, event=event, chosen_name=chosen_name)
