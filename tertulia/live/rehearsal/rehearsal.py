"""How a rehearsal goes: in each step more come in, talk, drop off and return; then everybody goes home."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tertulia.live.rehearsal.books import Books
from tertulia.live.rehearsal.measures import Measures, joined
from tertulia.live.rehearsal.plan import Plan
from tertulia.live.rehearsal.processes import Crowds, crowds

# Everybody begins to talk at one moment, which the slowest process has to have heard of.
BREATH_SECONDS = 0.2
SAYS_EVERY_SECONDS = 10

Progress = Callable[[str], None]


@dataclass
class Step:
    """What was measured with so many `people`: while the last of them came in, and while they talked."""

    people: int
    arriving: Measures
    talking: Measures


@dataclass
class Rehearsed:
    """The books of a rehearsal, and what was measured in each of its steps."""

    books: Books = field(default_factory=Books)
    steps: list[Step] = field(default_factory=list)


async def rehearse(plan: Plan, progress: Progress) -> Rehearsed:
    """Carry the plan out; faults of participants are noted in the books and never end the rehearsal. CrowdLost."""
    rehearsed, before, said = Rehearsed(), 1, 0
    async with crowds(plan) as people:
        # The first one comes in alone: what a server does only once is not held against it.
        await people.ask("come_in", begin=0, until=1)
        for number, until in enumerate(plan.steps):
            seconds = plan.seconds_of(number)
            arriving = await _come_in(people, before, until, progress)
            progress(f"{until} are in; they talk for {seconds:.0f} seconds")
            messages = (said, said + plan.messages_of(number))
            talking = await _talk(people, seconds, messages, progress)
            rehearsed.steps.append(Step(until, arriving, talking))
            before, said = until, messages[1]
        for told in await people.ask("leave"):
            rehearsed.books.take(told)
    return rehearsed


def run(plan: Plan, progress: Progress) -> Rehearsed:
    """`rehearse` in an event loop of its own."""
    return asyncio.run(rehearse(plan, progress))


async def _come_in(people: Crowds, begin: int, until: int, progress: Progress) -> Measures:
    progress(f"{until - begin} people are coming in, to be {until}")
    says = _Sometimes(progress)
    told = await people.ask("come_in", lambda there: says(f"{there} of {until} are in"), begin=begin, until=until)
    return _measures(told)


async def _talk(people: Crowds, seconds: float, messages: tuple[int, int], progress: Progress) -> Measures:
    says, end = _Sometimes(progress), time.monotonic() + seconds
    told = await people.ask(
        "talk",
        lambda _there: says(f"{max(0.0, end - time.monotonic()):.0f} seconds are left"),
        start=time.monotonic() + BREATH_SECONDS, seconds=seconds, messages=messages,
    )  # fmt: skip
    progress("waiting until everybody has heard everything")
    settled = await people.ask("settle", last=max(one["last"] for one in told))
    while_talking, afterwards = _measures(told), _measures(settled)
    while_talking.deliveries.take(afterwards.deliveries)
    return while_talking


def _measures(told: list[dict[str, Any]]) -> Measures:
    return joined(Measures.heard(one["measures"]) for one in told)


class _Sometimes:
    """Says something at the most every ten seconds."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._next = time.monotonic() + SAYS_EVERY_SECONDS

    def __call__(self, line: str) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + SAYS_EVERY_SECONDS
            self._progress(line)
