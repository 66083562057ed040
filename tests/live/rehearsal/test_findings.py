"""What a rehearsal says of a server: how many it carries, and what becomes slow first."""

from __future__ import annotations

from tertulia.live.rehearsal.findings import carries, doubts, slow, words
from tertulia.live.rehearsal.measures import Measures
from tertulia.live.rehearsal.plan import Plan, files_needed, processes_for, usual_steps
from tertulia.live.rehearsal.rehearsal import Rehearsed, Step

LIMITS = (
    "Called slow is what takes one in a hundred longer than 1 s (a page), 1 s (a message to everybody)"
    " or 10 s (coming in)."
)


def step(people: int, *, page: float = 0.1, message: float = 0.1, join: float = 1.0, own: float = 0.0) -> Step:
    """Two hundred of everything, each of so many seconds; the rehearsal is late by `own`."""
    arriving, talking = Measures(), Measures()
    for _ in range(200):
        arriving.page("the door", 0.05)
        arriving.page("the programme", page)
        talking.deliveries.add(message)
        arriving.joins.add(join)
        talking.lag.add(own)
    return Step(people, arriving, talking)


def test_a_server_carries_what_is_quick_with_all_fewer_as_well() -> None:
    steps = [step(1000), step(4000, page=2.3, message=1.5), step(10_000)]

    assert list(words(Rehearsed(steps=steps))) == [
        "Your server carries 1,000 people.",
        "At 4,000 the programme becomes slow (2.3 s), a message becomes slow (1.5 s).",
        LIMITS,
    ]
    assert [carries(Rehearsed(steps=some)) for some in (steps, steps[1:], steps[:1])] == [1000, 0, 1000]


def test_a_server_that_carries_nobody_is_not_said_to() -> None:
    assert list(words(Rehearsed(steps=[step(100, join=10.1)]))) == [
        "At 100 coming in as a whole becomes slow (10.1 s).",
        LIMITS,
    ]


def test_at_the_limits_nothing_is_slow_yet() -> None:
    assert list(slow(step(10, page=1.0, message=1.0, join=10.0))) == []
    assert [what for what, _ in slow(step(10, page=1.1, message=1.1, join=10.1))] == [
        "the programme", "a message", "coming in as a whole",
    ]  # fmt: skip


def test_few_pages_say_nothing_of_one_in_a_hundred() -> None:
    few = step(10)
    few.arriving.pages = {"the door": Measures().lag}
    few.arriving.page("the door", 5.0)

    assert list(slow(few)) == []


def test_the_rehearsal_says_when_it_was_too_slow_itself() -> None:
    late, busy = step(100, message=0.1, own=0.03), step(100)
    busy.arriving.processor = 0.95

    assert doubts(Rehearsed(steps=[late])) == ["with 100 people talking, its own delay was 30 of 100 ms"]
    assert doubts(Rehearsed(steps=[busy])) == ["with 100 people coming in, it used 95% of a processor"]
    # As little as this is as little of what was measured.
    assert doubts(Rehearsed(steps=[step(100, message=0.2, own=0.03), step(100, message=0.01, own=0.02)])) == []
    assert list(words(Rehearsed(steps=[late])))[1] == (
        "The rehearsal itself was too slow: with 100 people talking, its own delay was 30 of 100 ms."
        " The times are too long, not too short."
    )


def test_steps_are_a_tenth_a_third_and_all_where_that_is_no_handful() -> None:
    assert [usual_steps(people) for people in (10_000, 1000, 400, 99)] == [
        (1000, 3333, 10_000), (100, 333, 1000), (133, 400), (99,),
    ]  # fmt: skip


def test_messages_are_as_many_as_rate_and_time_make_however_many_steps() -> None:
    plan = Plan("nights", "127.0.0.1", 1, 1000, 1, seconds=15, rate=5, steps=(100, 333, 1000))

    assert [plan.messages_of(number) for number in range(3)] == [18, 18, 39]
    assert [plan.seconds_of(number) for number in range(3)] == [3.75, 3.75, 7.5]


def test_people_are_spread_and_files_are_counted() -> None:
    assert processes_for(100, is_server_here=False) == 1
    assert files_needed(1000, 4, is_server_ours=False) == 600
    assert files_needed(1000, 4, is_server_ours=True) == 1500
