"""Events, rooms, sessions and participations for tests: real rows, made with as little as a test has to say."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from tertulia.people.models import Account, Person
from tertulia.people.rules import is_staff
from tertulia.programme.models import (
    Credit,
    Event,
    EventText,
    Participation,
    Room,
    Session,
    SessionText,
    SessionType,
    Slot,
    Track,
)

FIRST_DAY = date(2021, 11, 16)
Kind = TypeVar("Kind", Track, SessionType)


def make_event(
    slug: str = "", title: str = "A festival", days: int = 9, zone: str = "Europe/Warsaw", first_day: date = FIRST_DAY
) -> Event:
    """An event of some days from 16 November 2021 (or `first_day`) on, with a title in English."""
    event = Event.objects.create(
        slug=slug or f"festival-{secrets.token_hex(4)}",
        zone=zone,
        starts_on=first_day,
        ends_on=first_day + timedelta(days=days - 1),
    )
    EventText.objects.create(event=event, language="en", title=title)
    return event


def make_track(event: Event, name: str = "Science") -> Track:
    """A theme of the event."""
    return Track.objects.create(event=event, name=name, position=event.tracks.count())


def make_room(event: Event, name: str = "Main stage") -> Room:
    """A place of the event's programme."""
    return Room.objects.create(event=event, name=name, position=event.rooms.count())


def make_session(  # noqa: PLR0913 - each is a thing that a test may have to say
    event: Event,
    title: str = "A panel",
    room: Room | None = None,
    hour: int = 12,
    *,
    language: str = "en",
    track: str = "",
    session_type: str = "",
    persons: tuple[str, ...] = (),
    **told: Any,
) -> Session:
    """A session of one hour on the first day, at an hour of UTC; in a room of the event, made if none is given."""
    session = Session.objects.create(
        event=event,
        language=language,
        track=_named(Track, event, track),
        session_type=_named(SessionType, event, session_type),
        **{"slug": f"session-{secrets.token_hex(4)}", **told},
    )
    SessionText.objects.create(session=session, language=language, title=title)
    starts_at = datetime.combine(event.starts_on, datetime.min.time(), UTC) + timedelta(hours=hour)
    make_slot(session, starts_at, room or event.rooms.first() or make_room(event))
    for position, name in enumerate(persons):
        Credit.objects.create(session=session, person=Person.objects.create(name=name), position=position)
    return session


def make_credited(name: str = "Ana Flores", account: Account | None = None) -> Person:
    """Somebody whom a session of an event credits, with an account that has claimed it or without."""
    person = Person.objects.create(name=name, account=account)
    Credit.objects.create(session=make_session(make_event()), person=person)
    return person


def make_slot(session: Session, starts_at: datetime, room: Room, minutes: int = 60) -> Slot:
    """A time of a session, on the clock of its event."""
    zone = session.event.zone
    return Slot.objects.create(
        session=session,
        room=room,
        local_start=starts_at.astimezone(ZoneInfo(zone)).isoformat()[:19],
        zone=zone,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
    )


def let_in(account: Account, event: Event, chosen_name: str = "Nightingale") -> Participation:
    """The account is in at the event under a chosen name, also after the event was closed; never one of staff."""
    assert not is_staff(account), "staff come in nowhere"
    return Participation.objects.create(account=account, event=event, chosen_name=chosen_name)


def _named(kind: type[Kind], event: Event, name: str) -> Kind | None:
    position = kind.objects.filter(event=event).count()
    return kind.objects.get_or_create(event=event, name=name, defaults={"position": position})[0] if name else None
