"""Reads one session of a schedule.json."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tertulia.kit.zones import spoken_zone
from tertulia.programme.formats.address import address_of
from tertulia.programme.formats.entries import ContributorEntry, SessionEntry, SlotEntry
from tertulia.programme.formats.moments import Unclear, may_be_days, on_wall, read_length, read_moment, slot_at
from tertulia.programme.formats.pieces import Piece, plain, short

NAME_LENGTH = 200
_CLEAN_ADDRESS = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Reading:
    """A session that was taken, and the piece it was read from."""

    piece: Piece
    session: SessionEntry


def read_session(piece: Piece, room: str, wall: ZoneInfo | None) -> Reading | None:
    """The session of that piece, standing under `room`; None, with the reasons among the findings.

    A date without an offset is read in the zone `wall`, if there is one.
    """
    if not piece.is_group():
        return None
    piece = replace(piece, session=_called(piece))
    before = len(piece.findings.rejected)
    slot = _slot(piece, room, wall)
    title = piece["title"].line(required=True)
    session = SessionEntry(
        source_id=_source_id(piece),
        slug=_address(piece["slug"], title),
        title=title,
        subtitle=piece["subtitle"].line(),
        abstract=piece["abstract"].text(),
        description=piece["description"].text(),
        track=_name(piece["track"]),
        session_type=_name(piece["type"]),
        language=_language(piece["language"]),
        do_not_record=piece["do_not_record"].flag(),
        contributors=_contributors(piece["persons"]),
        slots=(slot,) if slot else (),
    )
    return Reading(piece, session) if len(piece.findings.rejected) == before else None


def _called(piece: Piece) -> str:
    """What people find the session by: its title, else what identifies it; as it stands, since it may be rejected."""
    return next(filter(None, (plain(piece[key].value) for key in ("title", "slug", "id", "guid"))), "")


def _slot(piece: Piece, room: str, wall: ZoneInfo | None) -> SlotEntry | None:
    moment, length = _moment(piece["date"], wall), _length(piece["duration"])
    stated = piece["room"].line(NAME_LENGTH)
    if stated and stated != room:
        piece["room"].note(f"says {short(stated)}, but the session stands under {short(room)}, which is taken")
    if moment is None or length is None:
        return None
    start = piece["start"].line(8)
    if start and start.zfill(5)[:5] != f"{moment:%H:%M}":
        piece["start"].note(f"says {short(start)}, but the date says {moment:%H:%M}, which is taken")
    try:
        return slot_at(moment, length, room)
    except Unclear as fault:
        piece["date"].reject(str(fault))
        return None


def _moment(piece: Piece, wall: ZoneInfo | None) -> datetime | None:
    text = piece.line(40, required=True)
    try:
        moment = read_moment(text) if text else None
        if moment is None or moment.tzinfo:
            return moment
        if wall is None:
            piece.reject("carries no offset from UTC, and no time zone is named")
            return None
        piece.note(f"carries no offset; it is read as the clock of {spoken_zone(wall.key)}")
        return on_wall(moment, wall)
    except Unclear as fault:
        piece.reject(f"{short(text)} {fault}")
        return None


def _length(piece: Piece) -> timedelta | None:
    text = piece.line(12, required=True)
    if not text:
        return None
    try:
        length = read_length(text)
    except Unclear as fault:
        piece.reject(f"{short(text)} {fault}")
        return None
    if may_be_days(text):
        piece.note(f"{text} is read as days, hours and minutes")
    return length


def _source_id(piece: Piece) -> str:
    """The guid; else one made from the number or the address, the same at every reading."""
    guid = piece["guid"].line(120)
    other = piece["id"].identity() or piece["slug"].line(120)
    if not guid and not other:
        piece.reject("has neither guid nor id: a second import could not recognise it")
    return guid or str(uuid.uuid5(uuid.NAMESPACE_URL, f"session/{other}"))


def _address(piece: Piece, title: str) -> str:
    """The file's own address if it is a plain one, else the title's."""
    given = piece.line(120)
    return given if _CLEAN_ADDRESS.fullmatch(given) else address_of(title) or "session"


def _name(piece: Piece) -> str:
    """A track or a type: a text, or a group with a name."""
    if isinstance(piece.value, dict):
        return piece["name"].line(NAME_LENGTH) if piece.is_group() else ""
    return piece.line(NAME_LENGTH)


def _language(piece: Piece) -> str:
    given = piece.line(120)
    if not given or (_LANGUAGE.fullmatch(given) and len(given) <= 35):  # noqa: PLR2004 - the longest tag in use
        return given.replace("_", "-")
    piece.note(f"{short(given)} is not the tag of a language; it is left out")
    return ""


def _contributors(persons: Piece) -> tuple[ContributorEntry, ...]:
    found: dict[tuple[str, str], ContributorEntry] = {}
    for piece in persons.elements():
        person = _contributor(piece)
        if person and person.key in found:
            piece.note("stands twice in this session")
        elif person:
            found[person.key] = person
    return tuple(found.values())


def _contributor(piece: Piece) -> ContributorEntry | None:
    if isinstance(piece.value, str):
        return ContributorEntry(piece.line(NAME_LENGTH, required=True))
    if not piece.is_group():
        return None
    names = (piece[key].line(NAME_LENGTH) for key in ("public_name", "name", "full_public_name"))
    name = next(filter(None, names), "")
    if not name:
        piece.reject("has no name")
        return None
    return ContributorEntry(name, _person_id(piece), piece["biography"].text())


def _person_id(piece: Piece) -> str:
    """The code, even an empty one, of writers that have codes; else the guid; else the number."""
    if isinstance(piece["code"].value, str):
        return piece["code"].line(120)
    return piece["guid"].line(120) or piece["id"].identity()
