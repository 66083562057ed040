"""Writes a schedule.json that pretalx and c3voc readers take."""

from __future__ import annotations

import json
import uuid
import zlib
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tertulia.programme.formats.entries import ContributorEntry, Schedule, SessionEntry, SlotEntry
from tertulia.programme.formats.moments import shown_offset, write_length

GENERATOR = "tertulia"
_ONE_DAY = timedelta(days=1)


def render(schedule: Schedule, base_url: str = "") -> bytes:
    """The schedule as UTF-8 JSON; `base_url` (ends with a slash) is where its sessions' pages are."""
    frame = {"version": schedule.version, "base_url": base_url, "conference": _conference(schedule, base_url)}
    written = {"generator": {"name": GENERATOR}, "schedule": frame}
    return json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode()


def _conference(schedule: Schedule, base_url: str) -> dict[str, Any]:
    days = _days(schedule)
    return {
        "acronym": schedule.acronym,
        "title": schedule.title,
        "start": schedule.starts_on.isoformat(),
        "end": schedule.ends_on.isoformat(),
        "daysCount": len(days),
        "timeslot_duration": "00:05",
        "time_zone_name": schedule.zone,
        "rooms": [
            {"name": room, "guid": _guid("room", room), "description": None, "capacity": None}
            for room in schedule.rooms
        ],
        "tracks": [{"name": track} for track in schedule.tracks],
        "days": [_day(number, day, schedule, base_url) for number, day in enumerate(days, 1)],
    }


def _days(schedule: Schedule) -> list[date]:
    """Every day from the first to the last, and days outside them on which something is."""
    length = min((schedule.ends_on - schedule.starts_on).days, 400)
    between = {schedule.starts_on + _ONE_DAY * number for number in range(length + 1)}
    return sorted(between | {slot.local_start.date() for session in schedule.sessions for slot in session.slots})


def _day(number: int, day: date, schedule: Schedule, base_url: str) -> dict[str, Any]:
    rooms: dict[str, list[dict[str, Any]]] = {room: [] for room in schedule.rooms}
    for session in schedule.sessions:
        for slot in session.slots:
            if slot.local_start.date() == day:
                rooms.setdefault(slot.room, []).append(_session(session, slot, base_url))
    return {
        "index": number,
        "date": day.isoformat(),
        "day_start": _wall(datetime.combine(day, time.min), schedule.zone),
        "day_end": _wall(datetime.combine(day, time(23, 59)), schedule.zone),
        "rooms": {room: sessions for room, sessions in rooms.items() if sessions},
    }


def _session(session: SessionEntry, slot: SlotEntry, base_url: str) -> dict[str, Any]:
    return {
        "guid": session.source_id,
        "id": _number(session.source_id),
        "logo": None,
        "date": slot.local_start.isoformat() + shown_offset(slot.offset),
        "start": f"{slot.local_start:%H:%M}",
        "duration": write_length(slot.length),
        "room": slot.room,
        "slug": session.slug,
        "url": f"{base_url}sessions/{session.slug}/" if base_url else "",
        **_texts(session),
        "persons": [_person(person) for person in session.contributors],
        "links": [],
        "attachments": [],
    }


def _texts(session: SessionEntry) -> dict[str, Any]:
    return {
        "title": session.title,
        "subtitle": session.subtitle,
        "track": session.track or None,
        "type": session.session_type,
        "language": session.language,
        "abstract": session.abstract,
        "description": session.description,
        "recording_license": "",
        "do_not_record": session.do_not_record,
    }


def _person(person: ContributorEntry) -> dict[str, Any]:
    return {
        "id": _number("/".join(person.key)),
        "code": person.source_id,
        "name": person.name,
        "public_name": person.name,
        "biography": person.biography,
    }


def _wall(local: datetime, zone: str) -> str:
    return local.replace(tzinfo=ZoneInfo(zone)).isoformat()


def _guid(kind: str, name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}/{name}"))


def _number(identity: str) -> int:
    """A number for readers that want one, the same at every writing."""
    return zlib.crc32(identity.encode()) & 0x7FFFFFFF
