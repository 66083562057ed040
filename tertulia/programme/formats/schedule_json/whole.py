"""What only the whole of a schedule can tell: airings, meetings in a room, persons under several names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from tertulia.programme.formats.entries import ContributorEntry, Note, SessionEntry, SlotEntry
from tertulia.programme.formats.pieces import Findings, Piece, short
from tertulia.programme.formats.schedule_json.session import Reading


def airings_joined(readings: list[Reading]) -> list[SessionEntry]:
    """One session for each identity: the same content again is a further airing, other content is rejected."""
    first: dict[str, Reading] = {}
    slots: dict[str, list[SlotEntry]] = defaultdict(list)
    for reading in readings:
        session, piece = reading.session, reading.piece
        known = first.setdefault(session.source_id, reading)
        if known.session.content != session.content:
            piece["guid"].reject(f"is the one of {known.piece.where}, which is another session")
        elif session.slots[0] in slots[session.source_id]:
            piece.note(f"is the same as {known.piece.where}; it counts once")
        else:
            slots[session.source_id].append(session.slots[0])
    return [replace(reading.session, slots=tuple(slots[key])) for key, reading in first.items()]


def meetings_noted(readings: list[Reading]) -> None:
    """Two sessions in one room at one time are noted, not rejected: a room online may hold both."""
    by_room: dict[str, list[tuple[SlotEntry, Piece]]] = defaultdict(list)
    for reading in readings:
        slot = reading.session.slots[0]
        by_room[slot.room].append((slot, reading.piece))
    for room, taken in by_room.items():
        taken.sort(key=lambda pair: (pair[0].starts_at, pair[0].ends_at))
        _meetings(room, taken)


def persons_settled(sessions: list[SessionEntry], findings: Findings) -> list[SessionEntry]:
    """The same person has one name and one biography throughout: the first that the file gives."""
    everybody: dict[tuple[str, str], ContributorEntry] = {}
    for session in sessions:
        for person in session.contributors:
            known = everybody.setdefault(person.key, person)
            if known.name.casefold() != person.name.casefold():
                why = f"is also called {short(person.name)}; the first name is taken"
                findings.notes.append(Note(f"the person {short(known.name)}", why))
            everybody[person.key] = replace(known, biography=known.biography or person.biography)
    return [
        replace(session, contributors=tuple(everybody[person.key] for person in session.contributors))
        for session in sessions
    ]


def _meetings(room: str, taken: list[tuple[SlotEntry, Piece]]) -> None:
    if not room or not taken:
        return
    busy, holder = taken[0]
    for slot, piece in taken[1:]:
        if slot.starts_at < busy.ends_at:
            piece.note(f"is in {short(room)} at the same time as {holder.where}")
        if slot.ends_at > busy.ends_at:
            busy, holder = slot, piece
