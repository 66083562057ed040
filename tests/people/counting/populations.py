"""Random crowds: small and large, even and lopsided, some with people of the attacker's own among them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from tertulia.people.counting.questions import CLOCKS, QUESTIONS, Question

COUNTRIES = QUESTIONS["country"].answers
CLOCK_OF = {country: str(CLOCKS[place % len(CLOCKS)]) for place, country in enumerate(COUNTRIES)}


class Crowd(NamedTuple):
    """How often each answer was given to each question."""

    question: Question
    counted: dict[str, int]


def crowds(seed: int, number: int) -> Iterator[Crowd]:
    """That `number` of crowds, always the same from the same `seed`: every third one answers with countries."""
    chance = random.Random(seed)
    kinds = (_of_countries, _of_few_answers, _of_small_numbers)
    return islice((kinds[place % len(kinds)](chance) for place in range(number)), number)


def _of_countries(chance: random.Random) -> Crowd:
    countries = chance.sample(COUNTRIES, chance.randint(1, 90))
    weights = [1 / (place + 1) ** chance.uniform(0.3, 1.6) for place in range(len(countries))]
    people = chance.choices(countries, weights, k=chance.choice((30, 200, 1000, 3000)))
    return Crowd(QUESTIONS["country"], {country: people.count(country) for country in countries})


def _of_few_answers(chance: random.Random) -> Crowd:
    question = few(chance.randint(1, 6))
    return Crowd(question, {answer: int(chance.paretovariate(0.5)) % 400 for answer in question.answers})


def _of_small_numbers(chance: random.Random) -> Crowd:
    """At the edge: everything is hidden or just not."""
    question = few(chance.randint(2, 5))
    return Crowd(question, {answer: chance.randint(0, 24) for answer in question.answers})


def few(number: int) -> Question:
    """A question that takes a small `number` of answers, such as a vote."""
    return Question("vote", tuple("abcdef"[:number]), tells_how_many=True)
