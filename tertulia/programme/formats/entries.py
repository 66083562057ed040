"""A programme as plain values: what every format reads into and writes from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class Rejected:
    """A piece of a file that cannot be taken: `where` it stands, `why`, and in which `session`, where that is known."""

    where: str
    why: str
    # The place says the same; this is for people to find it by.
    session: str = field(default="", compare=False)


@dataclass(frozen=True)
class Note:
    """Something in a file that was taken, but that somebody should know of."""

    where: str
    why: str


@dataclass(frozen=True)
class ContributorEntry:
    """Whom a session credits; `source_id` is empty where the file gives none."""

    name: str
    source_id: str = ""
    biography: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What makes two entries of one file the same person: the source's id, else the name."""
        return ("id", self.source_id) if self.source_id else ("name", self.name.casefold())


@dataclass(frozen=True)
class SlotEntry:
    """When and where: the clock on the wall (`local_start`, naive), its zone, the moment in UTC, how long."""

    local_start: datetime
    zone: str
    starts_at: datetime
    length: timedelta
    room: str = ""

    @property
    def ends_at(self) -> datetime:
        """The moment of its end, in UTC."""
        return self.starts_at + self.length

    @property
    def offset(self) -> timedelta:
        """How far the clock on the wall is ahead of UTC."""
        return self.local_start - self.starts_at.replace(tzinfo=None)


@dataclass(frozen=True)
class SessionEntry:
    """One session with all its slots; `slug` is what its address asks for."""

    source_id: str
    slug: str
    title: str
    subtitle: str = ""
    abstract: str = ""
    description: str = ""
    track: str = ""
    session_type: str = ""
    language: str = ""
    do_not_record: bool = False
    contributors: tuple[ContributorEntry, ...] = ()
    slots: tuple[SlotEntry, ...] = ()

    @property
    def content(self) -> SessionEntry:
        """The session without its times: what two airings of it share."""
        return replace(self, slots=(), slug="")


@dataclass(frozen=True)
class Schedule:
    """A whole programme; sessions in the order of `in_order`."""

    title: str
    acronym: str
    version: str
    zone: str
    starts_on: date
    ends_on: date
    rooms: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    sessions: tuple[SessionEntry, ...] = ()

    def contributors(self) -> list[ContributorEntry]:
        """Everybody credited, each once, in the order of their first session."""
        found = {person.key: person for session in self.sessions for person in session.contributors}
        return list(found.values())


@dataclass(frozen=True)
class Parsed:
    """What came out of a file: the good pieces, what was rejected, what should be known.

    `schedule` is None when nothing could be read at all.
    """

    schedule: Schedule | None
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[Note, ...] = field(default=())


def in_order(sessions: list[SessionEntry], rooms: tuple[str, ...]) -> tuple[SessionEntry, ...]:
    """Sessions by their first slot, then room; the slots of each likewise: one programme has one order."""
    place = {room: number for number, room in enumerate(rooms)}

    def slot_key(slot: SlotEntry) -> tuple[datetime, int, timedelta]:
        return slot.starts_at, place.get(slot.room, -1), slot.length

    tidy = [replace(session, slots=tuple(sorted(session.slots, key=slot_key))) for session in sessions]
    return tuple(sorted(tidy, key=lambda session: (*map(slot_key, session.slots[:1]), session.source_id)))
