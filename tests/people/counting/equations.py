"""The attack by equations over all releases about the same people, on as many random crowds as one likes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from tertulia.people.counting.disclosure import MOST_HIDDEN, Release
from tertulia.people.counting.questions import QUESTIONS, Question
from tests.people.counting.attacker import Rule, certain
from tests.people.counting.populations import CLOCK_OF, Crowd

Publish = Callable[[Question, Mapping[str, int]], Release]


class Found(NamedTuple):
    """How many numbers of 1 to 10 there were, how many the attacker is sure of, how many were shown as they are."""

    there: int
    recovered: int
    shown: int


def attack(crowds: Iterable[Crowd], publish: Publish, rule: Rule) -> Found:
    """What the attacker is sure of, when all of these crowds are published."""
    found = [_attack(crowd, publish, rule) for crowd in crowds]
    return Found(*map(sum, zip(*found, strict=True)))


def _attack(crowd: Crowd, publish: Publish, rule: Rule) -> Found:
    release = publish(crowd.question, crowd.counted)
    small = {answer for answer, number in crowd.counted.items() if 1 <= number <= MOST_HIDDEN}
    hidden = [answer for answer in crowd.question.answers if answer not in release.cells]
    sure = set(certain(release.cells, hidden, release.total, release.different, rule))
    if crowd.question.name == "country":
        # A copy of the database from before the release says exactly how many answered.
        exactly = sum(crowd.counted.values()) + rule.below
        sure |= set(certain(release.cells, hidden, exactly, release.different, rule))
        sure |= _by_clocks(crowd, release, publish, rule)
    return Found(len(small), len(small & sure), len(small & set(release.cells)))


def _by_clocks(crowd: Crowd, release: Release, publish: Publish, rule: Rule) -> set[str]:
    """All of them also told their clocks, and the attacker knows which country has which: each band is a total."""
    clocks = dict.fromkeys(QUESTIONS["clock"].answers, 0)
    for country, number in crowd.counted.items():
        clocks[CLOCK_OF[country]] += number
    names, sure = list(clocks), set()
    for band, total in publish(QUESTIONS["clock"], clocks).cells.items():
        first, width = map(int, band.split("+")) if "+" in band[1:] else (names.index(band), 1)
        inside = set(names[first : first + width])
        cells = {country: number for country, number in release.cells.items() if CLOCK_OF[country] in inside}
        hidden = [one for one in CLOCK_OF if CLOCK_OF[one] in inside and one not in cells]
        sure |= set(certain(cells, hidden, total, None, rule))
    return sure
