"""How a rehearsal goes: everybody comes in, talks for some minutes, drops off and returns; then the books."""

from __future__ import annotations

import asyncio
import random
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tertulia.live.rehearsal.books import Balance, Books, balance, percentile
from tertulia.live.rehearsal.browser import Browser
from tertulia.live.rehearsal.participant import GaveUp, Participant

# How many come in at the same moment.
AT_THE_DOOR = 16
# The share of participants that lose their line, each once, and for how long at most.
DROP_SHARE = 0.2
DROP_SECONDS = 3.0
SETTLE_SECONDS = 60


@dataclass(frozen=True)
class Plan:
    """`participants` in `zones` time zones talk for `seconds`, together saying `rate` messages a second.

    With `tls` they come over https, and believe whom that trusts.
    """

    slug: str
    host: str
    port: int
    participants: int
    zones: int
    seconds: float
    rate: float
    tls: ssl.SSLContext | None = None


Progress = Callable[[str], None]


async def rehearse(plan: Plan, progress: Progress) -> Books:
    """Carry the plan out; faults of participants are noted in the books and never end the rehearsal."""
    books = Books()
    crowd = [_participant(plan, number, books) for number in range(plan.participants)]
    progress(f"{plan.participants} people are coming in")
    present = await _come_in(plan, crowd, books)
    progress(f"{len(present)} are in; they talk for {plan.seconds:.0f} seconds")
    await asyncio.gather(_talk(plan, present, books), _drop_off(plan, present))
    progress(f"{len(books.acknowledged)} messages were acknowledged; waiting until everybody has heard them")
    await _settle(books)
    await asyncio.gather(*(one.leave() for one in crowd))
    return books


def report(plan: Plan, books: Books, log: list[tuple[int, str]]) -> tuple[Balance, dict[str, Any]]:
    """The balance of the books against the reopened `log`, and the report: times in milliseconds."""
    even = balance(books, log)
    return even, {
        "participants": plan.participants,
        "countries": plan.zones,
        "posts_acknowledged": even.posts_acknowledged,
        "deliveries_expected": even.deliveries_expected,
        "deliveries": even.deliveries,
        "lost": even.lost,
        "doubled": even.doubled,
        "out_of_order": even.out_of_order,
        "join_p50_ms": round(percentile(books.joins, 0.5), 1),
        "join_p99_ms": round(percentile(books.joins, 0.99), 1),
        "delivery_p50_ms": round(percentile(books.deliveries, 0.5), 1),
        "delivery_p99_ms": round(percentile(books.deliveries, 0.99), 1),
        "errors": len(books.errors),
    }


def run(plan: Plan, progress: Progress) -> Books:
    """`rehearse` in an event loop of its own."""
    return asyncio.run(rehearse(plan, progress))


def _participant(plan: Plan, number: int, books: Books) -> Participant:
    return Participant(number + 1, plan.zones, Browser(plan.host, plan.port, plan.tls), books)


async def _come_in(plan: Plan, crowd: list[Participant], books: Books) -> list[Participant]:
    door = asyncio.Semaphore(AT_THE_DOOR)

    async def enter(one: Participant) -> Participant | None:
        async with door:
            try:
                await one.come_in(plan.slug)
            except (GaveUp, LookupError, TimeoutError) as fault:
                books.errors.append(f"{one.name} could not come in: {fault}")
                return None
            return one

    return [one for one in await asyncio.gather(*map(enter, crowd)) if one]


async def _talk(plan: Plan, present: list[Participant], books: Books) -> None:
    """Messages leave at an even pace, whether or not earlier ones have been acknowledged."""
    if not present:
        return
    started, spoken = time.perf_counter(), 0
    under_way: set[asyncio.Task[None]] = set()
    while (due := started + spoken / plan.rate) < started + plan.seconds:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        speech = asyncio.create_task(_speak(random.choice(present), books))  # noqa: S311 - anybody
        under_way.add(speech)
        speech.add_done_callback(under_way.discard)
        spoken += 1
    if under_way:
        await asyncio.wait(under_way)


async def _speak(one: Participant, books: Books) -> None:
    try:
        await one.say()
    except GaveUp as fault:
        books.errors.append(f"{one.name} was not heard: {fault}")


async def _drop_off(plan: Plan, present: list[Participant]) -> None:
    async def drop(one: Participant) -> None:
        await asyncio.sleep(random.uniform(0, plan.seconds * 0.8))  # noqa: S311 - any moment
        await one.drop_off(random.uniform(0.1, DROP_SECONDS))  # noqa: S311

    unlucky = random.sample(present, k=round(len(present) * DROP_SHARE))
    await asyncio.gather(*map(drop, unlucky))


async def _settle(books: Books) -> None:
    """Wait until everybody has heard the last acknowledged message, or a minute has passed."""
    last, until = max(books.acknowledged.values(), default=0), time.perf_counter() + SETTLE_SECONDS
    while not books.has_heard_all(last) and time.perf_counter() < until:  # noqa: ASYNC110 - books ring no bell
        await asyncio.sleep(0.1)
