"""What a rehearsal found: figures for a machine, and words for who organises the festival."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tertulia.live.rehearsal.books import Balance
from tertulia.live.rehearsal.measures import joined
from tertulia.live.rehearsal.plan import Plan
from tertulia.live.rehearsal.rehearsal import Rehearsed, Step
from tertulia.live.rehearsal.timings import Timings

# What 99 of 100 may take, in milliseconds, before it is called slow.
PAGE_LIMIT, DELIVERY_LIMIT, JOIN_LIMIT = 1000.0, 1000.0, 10_000.0
# The rehearsal's own delay may be this, or this share of what it measures; and it has to have a rest.
OWN_DELAY, OWN_SHARE, OWN_PROCESSOR = 25.0, 0.25, 0.9
# Of fewer pages, one in a hundred says nothing.
ENOUGH = 100


def figures(plan: Plan, rehearsed: Rehearsed, even: Balance) -> dict[str, Any]:
    """The figures: counts, and times in milliseconds; those of the largest step, but for the books."""
    last = rehearsed.steps[-1]
    joins = joined(step.arriving for step in rehearsed.steps).joins
    deliveries = last.talking.deliveries
    return {
        "participants": plan.participants,
        "countries": plan.countries,
        "posts_acknowledged": even.posts_acknowledged,
        "deliveries_expected": even.deliveries_expected,
        "deliveries": even.deliveries,
        "lost": even.lost,
        "doubled": even.doubled,
        "out_of_order": even.out_of_order,
        "join_p50_ms": joins.percentile(0.5),
        "join_p99_ms": joins.percentile(0.99),
        "delivery_p50_ms": deliveries.percentile(0.5),
        "delivery_p99_ms": deliveries.percentile(0.99),
        "errors": len(rehearsed.books.errors),
        "carries": carries(rehearsed),
        "worked": sum(step.arriving.worked for step in rehearsed.steps),
        "waited": sum(step.arriving.waited for step in rehearsed.steps),
        "limits_ms": {"page_p99": PAGE_LIMIT, "delivery_p99": DELIVERY_LIMIT, "join_p99": JOIN_LIMIT},
        "steps": [_figures_of(step) for step in rehearsed.steps],
        "too_slow_itself": doubts(rehearsed),
    }


def _figures_of(step: Step) -> dict[str, Any]:
    return {
        "people": step.people,
        "join_p99_ms": step.arriving.joins.percentile(0.99),
        "delivery_p50_ms": step.talking.deliveries.percentile(0.5),
        "delivery_p99_ms": step.talking.deliveries.percentile(0.99),
        "pages_p99_ms": {kind: times.percentile(0.99) for kind, times in _pages(step).items()},
        "own_delay_p99_ms": [part.lag.percentile(0.99) for part in (step.arriving, step.talking)],
        "own_processor": [round(part.processor, 2) for part in (step.arriving, step.talking)],
    }


def _pages(step: Step) -> dict[str, Timings]:
    return joined([step.arriving, step.talking]).pages


def slow(step: Step) -> Iterator[tuple[str, float]]:
    """What is slow in this step, the slowest page only, and the milliseconds that 99 of 100 take for it."""
    pages = {kind: times.percentile(0.99) for kind, times in _pages(step).items() if times.total >= ENOUGH}
    if pages and max(pages.values()) > PAGE_LIMIT:
        slowest = max(pages, key=lambda kind: pages[kind])
        yield slowest, pages[slowest]
    for what, times, limit in (
        ("a message", step.talking.deliveries, DELIVERY_LIMIT),
        ("coming in as a whole", step.arriving.joins, JOIN_LIMIT),
    ):
        if times.percentile(0.99) > limit:
            yield what, times.percentile(0.99)


def carries(rehearsed: Rehearsed) -> int:
    """With how many people everything was quick, and with all fewer; 0 if with none."""
    most = 0
    for step in rehearsed.steps:
        if any(slow(step)):
            break
        most = step.people
    return most


def doubts(rehearsed: Rehearsed) -> list[str]:
    """Where the rehearsal itself was too slow for its times to be those of the server."""
    return [doubt for step in rehearsed.steps for doubt in _doubts_of(step)]


def _doubts_of(step: Step) -> Iterator[str]:
    pages = joined([step.arriving]).pages.values()
    arrived = max((times.percentile(0.99) for times in pages), default=0.0)
    for when, part, measured in (
        ("coming in", step.arriving, arrived),
        ("talking", step.talking, step.talking.deliveries.percentile(0.99)),
    ):
        delay = part.lag.percentile(0.99)
        if delay > OWN_DELAY and delay > OWN_SHARE * measured:
            yield f"with {step.people} people {when}, its own delay was {delay:.0f} of {measured:.0f} ms"
        elif part.processor > OWN_PROCESSOR:
            yield f"with {step.people} people {when}, it used {part.processor:.0%} of a processor"


def words(rehearsed: Rehearsed) -> Iterator[str]:
    """A short report, line by line."""
    most = carries(rehearsed)
    if most:
        yield f"Your server carries {most:,} people."
    if too_many := [step for step in rehearsed.steps if step.people > most]:
        told = ", ".join(f"{what} becomes slow ({_seconds(times)})" for what, times in slow(too_many[0]))
        yield f"At {too_many[0].people:,} {told}."
    for doubt in doubts(rehearsed):
        yield f"The rehearsal itself was too slow: {doubt}. The times are too long, not too short."
    yield (
        f"Called slow is what takes one in a hundred longer than {_seconds(PAGE_LIMIT)} (a page),"
        f" {_seconds(DELIVERY_LIMIT)} (a message to everybody) or {_seconds(JOIN_LIMIT)} (coming in)."
    )


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.3g} s"
