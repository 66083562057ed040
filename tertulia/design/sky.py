"""Constellations drawn from names: the same name always gives the same one."""

from __future__ import annotations

import hashlib
import math
import random
from dataclasses import dataclass

Point = tuple[float, float]
RADII = (1.6, 2.2, 2.2, 3.4)
MARGIN = 0.09
DUSKS = 6


@dataclass(frozen=True)
class Star:
    """A dot at `x`, `y` with the radius `r`, in units of the drawing."""

    x: float
    y: float
    r: float


@dataclass(frozen=True)
class Constellation:
    """Stars and the lines that join them, inside `width` × `height`."""

    width: int
    height: int
    stars: tuple[Star, ...]
    lines: tuple[tuple[Star, Star], ...]


def constellation(seed: str, points: int, width: int, height: int) -> Constellation:
    """`points` stars (at least 1) inside `width` × `height` units, joined to a tree; drawn from SHA-256 of `seed`."""
    # A drawing is not a secret: what is wanted is that it never changes.
    chance = random.Random(hashlib.sha256(seed.encode()).digest())  # noqa: S311
    places = _scatter(chance, points, width, height)
    stars = tuple(Star(round(x, 1), round(y, 1), _radius(chance, width, height)) for x, y in places)
    return Constellation(width, height, stars, _joined(stars))


def hue(seed: str) -> int:
    """The hue of a name, 0 to 345 degrees in steps of 15."""
    return hashlib.sha256(f"hue {seed}".encode()).digest()[0] % 24 * 15


def dusk(seed: str) -> int:
    """Which of the six hours of dusk belongs to a name, 0 to 5."""
    return hashlib.sha256(f"dusk {seed}".encode()).digest()[0] % DUSKS


def _radius(chance: random.Random, width: int, height: int) -> float:
    return round(min(chance.choice(RADII), min(width, height) * MARGIN / 2), 1)


def _scatter(chance: random.Random, points: int, width: int, height: int) -> list[Point]:
    """Places with some distance between them; the distance wanted shrinks when the ground fills up."""
    apart = min(width, height) / 5.2
    places: list[Point] = []
    while len(places) < points:
        place = (_between(chance, width), _between(chance, height))
        if all(math.dist(place, other) > apart for other in places):
            places.append(place)
        apart *= 0.995
    return places


def _between(chance: random.Random, length: int) -> float:
    return chance.uniform(MARGIN, 1 - MARGIN) * length


def _joined(stars: tuple[Star, ...]) -> tuple[tuple[Star, Star], ...]:
    """Each star joined to the nearest one that already belongs (Prim's tree)."""
    inside, outside, lines = list(stars[:1]), list(stars[1:]), []
    while outside:
        near, far = min(((a, b) for a in inside for b in outside), key=_length)
        lines.append((near, far))
        inside.append(far)
        outside.remove(far)
    return tuple(lines)


def _length(line: tuple[Star, Star]) -> float:
    near, far = line
    return math.dist((near.x, near.y), (far.x, far.y))
