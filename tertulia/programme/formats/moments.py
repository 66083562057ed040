"""Dates, lengths and zones as schedule files write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from tertulia.kit.zones import spoken_zone
from tertulia.programme.formats.entries import Schedule, SessionEntry, SlotEntry

LONGEST = timedelta(days=7)
FIRST_YEAR, LAST_YEAR = 1970, 2200
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?( ?Z|[+-]\d\d:?\d\d)?", re.ASCII)
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)([T ].*)?", re.ASCII)
_LENGTHS = [
    re.compile(shape, re.ASCII)
    for shape in (
        r"(?P<days>\d):(?P<hours>[01]\d|2[0-3]):(?P<minutes>[0-5]\d)(:(?P<seconds>[0-5]\d))?",
        r"(?P<hours>\d{1,3}):(?P<minutes>[0-5]\d)(:(?P<seconds>[0-5]\d))?",
    )
]
_HOUR = timedelta(hours=1)


class Unclear(Exception):  # noqa: N818 - it describes what was read
    """What was read has no meaning that is safe to take."""


def read_moment(text: str) -> datetime:
    """`2021-11-16T09:00:00+01:00` as a datetime, naive if it carries no offset; Unclear for anything else."""
    if not _MOMENT.fullmatch(text):
        raise Unclear("is not a date with a time, such as 2021-11-16T09:00:00+01:00")
    try:
        moment = datetime.fromisoformat(text.replace(" Z", "Z")).replace(microsecond=0)
    except ValueError:
        raise Unclear("is not on the calendar") from None
    _within_years(moment.date())
    return moment


def read_day(text: str) -> date:
    """`2021-11-16`, or the day of a longer date; Unclear for anything else."""
    found = _DAY.fullmatch(text)
    if not found:
        raise Unclear("is not a day, such as 2021-11-16")
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        raise Unclear("is not on the calendar") from None
    return _within_years(day)


def read_length(text: str) -> timedelta:
    """`HH:MM`, `HH:MM:SS`, `D:HH:MM` or `D:HH:MM:SS`; of three parts, a single digit in front counts days if it can.

    Unclear for anything else, for zero, and for more than a week.
    """
    for shape in _LENGTHS:
        found = shape.fullmatch(text)
        if found:
            return _sensible(timedelta(**{unit: int(number or 0) for unit, number in found.groupdict().items()}))
    raise Unclear("is not a length, such as 01:30 or 1:06:00")


def may_be_days(text: str) -> bool:
    """Whether a length was read as days, hours and minutes, but could be hours, minutes and seconds."""
    return bool(_LENGTHS[0].fullmatch(text)) and text.count(":") == 2  # noqa: PLR2004 - three parts


def write_length(length: timedelta) -> str:
    """The shortest of the forms that `read_length` reads."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"{days}:" * bool(days) + f"{hours:02}:{minutes:02}" + f":{seconds:02}" * bool(seconds)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every name of a time zone that this machine knows."""
    return frozenset(available_timezones()) - {"Factory", "localtime", "posixrules"}


def offset_in(zone: str, moment: datetime) -> timedelta:
    """How far the clocks of `zone` are ahead of UTC at `moment`."""
    return moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()


def fixed_zone(offset: timedelta, moment: datetime) -> str:
    """A zone whose clocks are `offset` ahead at `moment`: one of the fixed ones for whole hours, else a place's.

    Unclear if no clock on earth shows it.
    """
    hours, rest = divmod(offset, _HOUR)
    if not offset:
        return "UTC"
    if not rest and -12 <= hours <= 14:  # noqa: PLR2004 - the range of the fixed zones
        return f"Etc/GMT{-hours:+d}"
    for zone in sorted(zone_names()):
        if "/" in zone and offset_in(zone, moment) == offset:
            return zone
    raise Unclear("carries an offset that no clock shows")


def slot_at(moment: datetime, length: timedelta, room: str) -> SlotEntry:
    """A slot at a moment that carries its offset, in a zone of that offset."""
    zone = fixed_zone(moment.utcoffset() or timedelta(), moment)
    return SlotEntry(moment.replace(tzinfo=None), zone, moment.astimezone(UTC), length, room)


def on_wall(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which clocks in `zone` show `local` (the first, if twice); Unclear if they skip it."""
    moment = local.replace(tzinfo=zone)
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise Unclear(f"is an hour that the clocks of {spoken_zone(zone.key)} skip")
    return moment


def in_zone(slot: SlotEntry, zone: str) -> SlotEntry:
    """The slot in the zone of the event, where that agrees with its own offset; else in a fixed one."""
    if offset_in(zone, slot.starts_at) == slot.offset:
        return replace(slot, zone=zone)
    return replace(slot, zone=fixed_zone(slot.offset, slot.starts_at))


def schedule_in(schedule: Schedule, zone: str) -> Schedule:
    """The schedule in another zone: each slot in it where that agrees with the slot's own offset."""
    return replace(schedule, zone=zone, sessions=tuple(sessions_in(schedule.sessions, zone)))


def sessions_in(sessions: Iterable[SessionEntry], zone: str) -> list[SessionEntry]:
    """The sessions with each slot in `zone` where that agrees with its offset, else in a fixed zone."""
    return [replace(session, slots=tuple(in_zone(slot, zone) for slot in session.slots)) for session in sessions]


def agreeing(slots: Iterable[SlotEntry], zone: str) -> list[bool]:
    """For each slot, whether `zone` agrees with its own offset."""
    return [offset_in(zone, slot.starts_at) == slot.offset for slot in slots]


def commonest_zone(slots: list[SlotEntry]) -> str:
    """The fixed zone of most slots; UTC where there are none."""
    found = Counter(fixed_zone(slot.offset, slot.starts_at) for slot in slots).most_common(1)
    return found[0][0] if found else "UTC"


def shown_offset(offset: timedelta) -> str:
    """`+01:00`."""
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _within_years(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unclear(f"is not between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def _sensible(length: timedelta) -> timedelta:
    if not length:
        raise Unclear("is no time at all")
    if length > LONGEST:
        raise Unclear("is longer than a week")
    return length
