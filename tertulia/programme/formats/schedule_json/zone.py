"""Which zone an event lives in: the one asked for, else the file's if it fits the sessions, else a fixed one."""

from __future__ import annotations

from tertulia.kit.zones import spoken_zone
from tertulia.programme.formats.entries import SessionEntry, SlotEntry
from tertulia.programme.formats.moments import agreeing, commonest_zone, sessions_in, shown_offset
from tertulia.programme.formats.pieces import Piece

ADVICE = "another zone can be named"


def zone_settled(
    sessions: list[SessionEntry], asked: str | None, named: str | None, piece: Piece, *, trusted: bool
) -> tuple[str, list[SessionEntry]]:
    """The event's zone, and the sessions with their slots in it where their own offsets agree.

    `trusted`: the file is our own export, which names a zone on purpose.
    """
    slots = [slot for session in sessions for slot in session.slots]
    zone = asked or (named if trusted else None) or _fitting(named, slots, piece)
    if asked and named and asked != named:
        piece.note(f"says {spoken_zone(named)}; {spoken_zone(asked)} was asked for")
    _strays_noted(slots, zone, piece)
    return zone, sessions_in(sessions, zone)


def _fitting(named: str | None, slots: list[SlotEntry], piece: Piece) -> str:
    if named:
        agreed = agreeing(slots, named)
        if not slots or sum(agreed) * 2 > len(agreed):
            return named
    zone = commonest_zone(slots)
    offset = shown_offset(slots[0].offset) if slots else "+00:00"
    taken = spoken_zone(zone)
    if named:
        piece.note(
            f"says {spoken_zone(named)}, but the sessions carry {offset}: the sessions hold, in {taken}; {ADVICE}"
        )
    else:
        piece.note(f"names no time zone; the sessions carry {offset}: {taken} is taken; {ADVICE}")
    return zone


def _strays_noted(slots: list[SlotEntry], zone: str, piece: Piece) -> None:
    strays = [slot for slot, agrees in zip(slots, agreeing(slots, zone), strict=True) if not agrees]
    if strays:
        some = f"{strays[0].local_start:%Y-%m-%d %H:%M}{shown_offset(strays[0].offset)}"
        piece.note(
            f"{len(strays)} of {len(slots)} slots do not follow {spoken_zone(zone)}, the first {some}: "
            "their own offsets hold"
        )
