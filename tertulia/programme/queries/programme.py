"""The programme of an event as its page lists it: by day, each airing once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from tertulia.people.models import Person
from tertulia.programme.models import Event, Session, SessionText, SessionType, Slot, Track
from tertulia.programme.queries.schedule import credited_name, credits_with_persons
from tertulia.programme.queries.texts import in_language

Kind = TypeVar("Kind", Track, SessionType)


# Sessions; a hundred are laid out within the time of one long task on a slow phone.
LONG = 100


@dataclass(frozen=True)
class Airing:
    """A session at one of its times, with its text in the reader's language, or else in its own."""

    slot: Slot
    session: Session
    text: SessionText
    day: date

    @property
    def local_day(self) -> date:
        """The day of its times: on the clock of its own zone, which may not be the event's."""
        start: datetime = self.slot.starts_at.astimezone(ZoneInfo(self.slot.zone))
        return start.date()

    @property
    def is_on(self) -> bool:
        """Whether it is on at this moment."""
        return self.slot.starts_at <= timezone.now() < self.slot.ends_at

    @property
    def names(self) -> list[str]:
        """Whom it credits; in place of a name that was taken back, that it was removed."""
        return [credited_name(credit) for credit in self.session.credits.all()]


@dataclass(frozen=True)
class Day:
    """A day on the clock of the event, with its airings in their order."""

    date: date
    airings: list[Airing]


@dataclass(frozen=True)
class Theme:
    """A track and how many confirmed sessions it holds."""

    track: Track
    sessions: int


@dataclass(frozen=True)
class Programme:
    """What a reader asked to see of a programme, and by what it can be narrowed."""

    days: list[Day]
    tracks: list[Track]
    session_types: list[SessionType]
    track: str
    session_type: str

    @property
    def is_long(self) -> bool:
        """Whether a phone would notice it if all of it were laid out at once."""
        return sum(len(day.airings) for day in self.days) > LONG

    @property
    def is_narrowed(self) -> bool:
        """Whether something may be hidden."""
        return bool(self.track or self.session_type)


def programme_of(event: Event, language: str, track: str = "", session_type: str = "") -> Programme:
    """The airings of confirmed sessions by day; `track` and `session_type` are names that narrow it, or empty."""
    everything = _airings(event, _slots(event), language)
    wanted = [
        airing
        for airing in everything
        if _named(airing.session.track, track) and _named(airing.session.session_type, session_type)
    ]
    return Programme(
        days=_by_day(wanted),
        tracks=_each_once(airing.session.track for airing in everything),
        session_types=_each_once(airing.session.session_type for airing in everything),
        track=track,
        session_type=session_type,
    )


def next_airings(event: Event, language: str, limit: int = 6) -> list[Airing]:
    """The first `limit` airings that are on or come; before the event and after it, those of its beginning."""
    slots = _slots(event)
    coming = list(slots.filter(ends_at__gt=timezone.now())[:limit])
    return _airings(event, coming or slots[:limit], language)


def airings_from_now(language: str, limit: int = 5) -> list[Airing]:
    """The first `limit` airings that are on or come, of all events that are not closed."""
    slots = _on().filter(session__event__closed_on=None, ends_at__gt=timezone.now()).select_related("session__event")
    return [
        Airing(slot, slot.session, in_language(slot.session.texts.all(), language), _day_of(slot, slot.session.event))
        for slot in slots[:limit]
    ]


def covers_of(event: Event, language: str, limit: int = 4) -> list[Airing]:
    """Up to `limit` sessions that are on or come, each once, one of each track before a second of any."""
    turns: Counter[int | None] = Counter()
    firsts: dict[int, tuple[int, Airing]] = {}
    for airing in next_airings(event, language, limit * 4):
        if airing.session.pk not in firsts:
            firsts[airing.session.pk] = (turns[airing.session.track_id], airing)
            turns[airing.session.track_id] += 1
    in_turn = sorted(firsts.values(), key=itemgetter(0))
    return [airing for _turn, airing in in_turn[:limit]]


def themes_of(event: Event) -> list[Theme]:
    """The tracks under which something is on, in their order."""
    on = Q(sessions__state=Session.State.CONFIRMED)
    tracks = Track.objects.filter(on, event=event).annotate(how_many=Count("sessions", filter=on, distinct=True))
    return [Theme(track, track.how_many) for track in tracks]


def airings_credited_to(person: Person, event: Event, language: str) -> list[Airing]:
    """When the event has the person on."""
    return _airings(event, _slots(event).filter(session__credits__person=person), language)


def airings_of(session: Session, text: SessionText) -> list[Airing]:
    """All times of one session."""
    return [Airing(slot, session, text, _day_of(slot, session.event)) for slot in session.slots.select_related("room")]


def _slots(event: Event) -> QuerySet[Slot]:
    return _on().filter(session__event=event)


def _on() -> QuerySet[Slot]:
    """The slots of all that is confirmed."""
    on = Slot.objects.filter(session__state=Session.State.CONFIRMED)
    told = on.select_related("room", "session__track", "session__session_type")
    return told.prefetch_related("session__texts", Prefetch("session__credits", credits_with_persons()))


def _airings(event: Event, slots: Iterable[Slot], language: str) -> list[Airing]:
    return [
        Airing(slot, slot.session, in_language(slot.session.texts.all(), language), _day_of(slot, event))
        for slot in slots
    ]


def _day_of(slot: Slot, event: Event) -> date:
    start: datetime = slot.starts_at.astimezone(ZoneInfo(event.zone))
    return start.date()


def _by_day(airings: list[Airing]) -> list[Day]:
    days: dict[date, Day] = {}
    for airing in airings:
        days.setdefault(airing.day, Day(airing.day, [])).airings.append(airing)
    return list(days.values())


def _named(thing: Track | SessionType | None, name: str) -> bool:
    return not name or (thing is not None and thing.name == name)


def _each_once(things: Iterable[Kind | None]) -> list[Kind]:
    found = {thing.pk: thing for thing in things if thing is not None}
    return sorted(found.values(), key=lambda thing: (thing.position, thing.name))
