"""Zones without a place, whose own names say the opposite of what they mean: Etc/GMT-1 is an hour ahead of UTC."""

from __future__ import annotations

import re

_FIXED = re.compile(r"Etc/GMT([+-])(\d{1,2})")
_WORLD = ("UTC", "UCT", "Universal", "Zulu", "GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich")


def fixed_offset(zone: str) -> str:
    """`UTC+1` for `Etc/GMT-1`, `UTC` for world time under any of its names; "" for the zone of a place."""
    found = _FIXED.fullmatch(zone)
    if zone.removeprefix("Etc/") in _WORLD or (found and not int(found[2])):
        return "UTC"
    return f"UTC{'-' if found[1] == '+' else '+'}{int(found[2])}" if found else ""


def spoken_zone(zone: str) -> str:
    """The name of a zone as a report writes it: `Etc/GMT-1 (UTC+1)`; that of a place stays."""
    offset = fixed_offset(zone)
    return zone if offset in ("", zone) else f"{zone} ({offset})"
