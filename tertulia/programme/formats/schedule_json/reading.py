"""Reads a whole schedule.json: the frame of the event, its days, and what only the whole can tell."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from tertulia.programme.formats.address import address_of
from tertulia.programme.formats.entries import Note, Parsed, Rejected, Schedule, SessionEntry, in_order
from tertulia.programme.formats.moments import FIRST_YEAR, Unclear, read_day, zone_names
from tertulia.programme.formats.pieces import Findings, Piece, load
from tertulia.programme.formats.schedule_json.session import Reading, read_session
from tertulia.programme.formats.schedule_json.whole import airings_joined, meetings_noted, persons_settled
from tertulia.programme.formats.schedule_json.writing import GENERATOR
from tertulia.programme.formats.schedule_json.zone import zone_settled

NAME_LENGTH = 200


def parse(raw: bytes, zone: str | None = None) -> Parsed:
    """Read `raw`, the bytes of a schedule.json; never raises.

    `zone` (a name such as Europe/Berlin) wins over the file's. Whatever cannot be taken is among `rejected`
    with its place; `schedule` holds the rest, or is None if there is nothing to hold.
    """
    findings = Findings()
    root = load(raw, findings)
    if zone is not None and zone not in zone_names():
        findings.rejected.append(Rejected("zone", f"{zone!r} is not the name of a time zone"))
        zone = None
    schedule = _schedule(root, zone, findings) if root and root.is_group() else None
    return Parsed(schedule, tuple(findings.rejected), tuple(findings.notes))


def _schedule(root: Piece, zone: str | None, findings: Findings) -> Schedule | None:
    conference = root["schedule"]["conference"]
    if not root["schedule"].is_group() or not conference.is_group():
        return None
    own = root["generator"]["name"].value == GENERATOR
    named = _zone_name(conference["time_zone_name"])
    readings = _readings(conference["days"], zone or named)
    sessions = persons_settled(airings_joined(readings), findings)
    meetings_noted(readings)
    if not readings and not findings.rejected:
        findings.notes.append(Note(conference["days"].where, "no session stands in this file"))
    settled, sessions = zone_settled(sessions, zone, named, conference["time_zone_name"], trusted=own)
    return _framed(root, conference, settled, sessions)


def _framed(root: Piece, conference: Piece, zone: str, sessions: list[SessionEntry]) -> Schedule:
    rooms = _names(conference["rooms"], [slot.room for session in sessions for slot in session.slots])
    tracks = _names(conference["tracks"], [session.track for session in in_order(sessions, rooms)])
    first, last = _days(conference, sessions)
    title = conference["title"].line(NAME_LENGTH, required=True)
    return Schedule(
        title=title,
        acronym=conference["acronym"].line(80) or address_of(title) or "event",
        version=root["schedule"]["version"].identity(80),
        zone=zone,
        starts_on=first,
        ends_on=last,
        rooms=rooms,
        tracks=tracks,
        sessions=in_order(sessions, rooms),
    )


def _readings(days: Piece, zone: str | None) -> list[Reading]:
    wall = ZoneInfo(zone) if zone else None
    found: list[Reading] = []
    for day in days.elements(required=True):
        if not day.is_group():
            continue
        for name, sessions in day["rooms"].entries():
            room = Piece(name, sessions.where, day.findings).line(NAME_LENGTH)
            read = (read_session(piece, room, wall) for piece in sessions.elements())
            found += [reading for reading in read if reading is not None]
    return found


def _zone_name(piece: Piece) -> str | None:
    name = piece.line(64)
    if not name:
        return None
    if name not in zone_names():
        piece.note(f"{name!r} is not the name of a time zone")
        return None
    return name


def _names(listed: Piece, used: list[str]) -> tuple[str, ...]:
    """The names that the file lists, then those that its sessions use besides, each once."""
    names = []
    for entry in listed.elements():
        if not isinstance(entry.value, str) and not entry.is_group():
            continue
        names.append((entry if isinstance(entry.value, str) else entry["name"]).line(NAME_LENGTH, required=True))
    return tuple(name for name in dict.fromkeys([*names, *used]) if name)


def _days(conference: Piece, sessions: list[SessionEntry]) -> tuple[date, date]:
    used = [slot.local_start.date() for session in sessions for slot in session.slots]
    first = _day(conference["start"], min(used, default=date(FIRST_YEAR, 1, 1)))
    last = _day(conference["end"], max([*used, first]))
    if last < first:
        conference["end"].reject("is before the start")
    for day in sorted({day for day in used if not first <= day <= last}):
        conference["end"].note(f"a session is on {day}, outside {first} to {last}")
    return first, last


def _day(piece: Piece, otherwise: date) -> date:
    text = piece.line(40)
    if piece.value is None:
        piece.note(f"is missing; {otherwise} is taken")
        return otherwise
    try:
        return read_day(text) if text else otherwise
    except Unclear as fault:
        piece.reject(str(fault))
        return otherwise
