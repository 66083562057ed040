"""The planisphere: a dial of 24 hours on which four regions of the world are awake or asleep."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.utils.translation import gettext, pgettext_lazy

WAKES, SLEEPS = 8, 23
SMALL = 60  # below this size there is one ring: the hours that are good for most
MOST = 3
HALF_A_DAY = 12
LARGE = 160  # from this size on, a dial has room for the marks of its hours


@dataclass(frozen=True)
class Region:
    """A part of the world: its `name` (lazy, as in "good hour for …"), hours ahead of UTC, and its colour's class."""

    name: Any
    ahead: float
    colour: str


REGIONS = (
    Region(pgettext_lazy("good hour for", "the Americas"), -5, "coral"),
    Region(pgettext_lazy("good hour for", "Africa, Europe"), 1, "teal"),
    Region(pgettext_lazy("good hour for", "South Asia"), 5.5, "marigold"),
    Region(pgettext_lazy("good hour for", "East Asia"), 8, "violet"),
)


@dataclass(frozen=True)
class Ring:
    """One region's ring: its radius, and the arc on which its people are awake, as an SVG path."""

    colour: str
    radius: float
    arc: str


@dataclass(frozen=True)
class Dial:
    """What is drawn: rings from the outside in, and the tip of the hand, on a square of `size` units."""

    size: int
    centre: float
    rings: tuple[Ring, ...]
    hand: tuple[float, float]
    ticks: str


def utc_hour(moment: datetime) -> float:
    """The hour of the day in UTC, 0 to under 24, of an aware `moment`."""
    at = moment.astimezone(UTC)
    return at.hour + at.minute / 60


def awake_regions(hour: float) -> list[Region]:
    """The regions whose clocks stand between 8 and 23 when it is `hour` (0 to 24) in UTC."""
    return [region for region in REGIONS if WAKES <= (hour + region.ahead) % 24 < SLEEPS]


def good_hour(moment: datetime) -> str:
    """The dial in words: for whom the hour of an aware `moment` is a good one."""
    awake = awake_regions(utc_hour(moment))
    if len(awake) == len(REGIONS):
        return gettext("good hour everywhere")
    if not awake:
        return gettext("a late hour everywhere")
    return gettext("good hour for %(regions)s") % {"regions": gettext(", ").join(str(region.name) for region in awake)}


def dial(hour: float, size: int) -> Dial:
    """The dial of `size` units with its hand at `hour` (0 to 24, UTC; midnight is at the top)."""
    centre = size / 2
    length = centre - (9 if size < SMALL else 3)
    return Dial(size, centre, _rings(size), _on_circle(centre, length, hour), _ticks(size) if size >= LARGE else "")


# A programme shows hundreds of dials of one size, and only their hands differ.
@cache
def _rings(size: int) -> tuple[Ring, ...]:
    if size < SMALL:
        return (_good_hours(size),)
    return tuple(_ring(region, place, size) for place, region in enumerate(REGIONS))


def _ring(region: Region, place: int, size: int) -> Ring:
    centre = size / 2
    outermost = centre - (14 if size >= LARGE else 5)
    radius = round(outermost - place * size / 11, 1)
    return Ring(region.colour, radius, _arc(size, radius, WAKES - region.ahead, SLEEPS - region.ahead))


def _good_hours(size: int) -> Ring:
    """One ring, bright at the hours of UTC at which `MOST` of the regions are awake."""
    radius = size / 2 - 5
    quarters = [quarter / 4 for quarter in range(96)]
    good = {quarter for quarter in quarters if len(awake_regions(quarter)) >= MOST}
    starts = sorted(quarter for quarter in good if (quarter - 0.25) % 24 not in good)
    arcs = [_arc(size, radius, start, _end_of(good, start)) for start in starts]
    return Ring("violet", radius, "".join(arcs))


def _end_of(good: set[float], start: float) -> float:
    end = start
    while end % 24 in good:
        end += 0.25
    return end


def _arc(size: int, radius: float, start: float, end: float) -> str:
    x0, y0 = _on_circle(size / 2, radius, start)
    x1, y1 = _on_circle(size / 2, radius, end)
    return f"M{x0} {y0}A{radius} {radius} 0 {int(end - start > HALF_A_DAY)} 1 {x1} {y1}"


def _ticks(size: int) -> str:
    """A mark for each hour at the rim, longer at midnight, six, noon and eighteen."""
    centre = size / 2
    marks = []
    for hour in range(24):
        x0, y0 = _on_circle(centre, centre - 1, hour)
        x1, y1 = _on_circle(centre, centre - (8 if hour % 6 == 0 else 4), hour)
        marks.append(f"M{x0} {y0}L{x1} {y1}")
    return "".join(marks)


def _on_circle(centre: float, radius: float, hour: float) -> tuple[float, float]:
    angle = hour / 24 * 2 * math.pi
    return round(centre + radius * math.sin(angle), 1), round(centre - radius * math.cos(angle), 1)
