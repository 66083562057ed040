"""The attack with accounts of one’s own: all give one answer, so that the one more who is looked for stands out."""

from __future__ import annotations

import random
from collections.abc import Mapping

from tertulia.people.counting.disclosure import Release
from tertulia.people.counting.questions import QUESTIONS
from tests.people.counting.equations import Publish

WATCHED, ELSEWHERE = "NP", "PT"
COUNTRY = QUESTIONS["country"]
# Everybody else, whom the attacker knows one by one: nothing else is left to be found out.
OTHERS: Mapping[str, int] = {ELSEWHERE: 140, "BR": 60, "UY": 12, "TD": 3}


def hits(publish: Publish, fakes: int, trials: int, seed: int) -> int:
    """How often of so many `trials` the attacker guesses rightly whether one person was in the watched country.

    So many `fakes` of theirs say that they are there; the person is, or is elsewhere, as a coin falls.
    """
    coin = random.Random(seed)
    usual = {place: _seen(publish, fakes, is_there=place) for place in (True, False)}
    found = 0
    for _ in range(trials):
        is_there = coin.random() < 0.5
        shown = _figures(publish(COUNTRY, _crowd(fakes, is_there=is_there)))
        likely = usual[True].count(shown) - usual[False].count(shown)
        guess = likely > 0 if likely else coin.random() < 0.5
        found += guess == is_there
    return found


def _seen(publish: Publish, fakes: int, *, is_there: bool, times: int = 600) -> list[object]:
    """What is published if the person is there, or is not: the attacker tries it out at home."""
    return [_figures(publish(COUNTRY, _crowd(fakes, is_there=is_there))) for _ in range(times)]


def _crowd(fakes: int, *, is_there: bool) -> dict[str, int]:
    crowd = dict(OTHERS) | {WATCHED: fakes + is_there}
    crowd[ELSEWHERE] += not is_there
    return crowd


def _figures(release: Release) -> object:
    """The figures in which that one person counts; the total holds them in any case."""
    return release.cells.get(WATCHED), release.cells.get(ELSEWHERE), release.different
