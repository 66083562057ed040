"""The gate: open until it is pressed, then for who works or waits; each once; and bounded memory."""

from __future__ import annotations

import itertools
import time

import pytest

from tertulia.kit import gates, work
from tertulia.kit.gates import TICKET_SECONDS, WAIT_SECONDS, Gate, Once

pytestmark = pytest.mark.parser
HERE, ELSEWHERE = "192.0.2.1", "198.51.100.1"


class Clock:
    """The clock by which tickets and tasks are sealed, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = float(int(time.time()))
        monkeypatch.setattr(time, "time", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def pressed() -> Gate:
    """A gate through which two have come from one address just now."""
    gate = Gate("newcomers", most=2, overall=100, seconds=60)
    for _ in range(2):
        gate.count(HERE)
    return gate


def worked(gate: Gate, about: str = "festival") -> dict[str, str]:
    task = gate.asks({}, about).task
    return {"task": task, "done": work.do(task)}


def test_it_is_open_until_too_many_came_from_one_address() -> None:
    gate = Gate("newcomers", most=2, overall=100, seconds=60)
    seen = []
    for _ in range(3):
        seen.append(gate.lets_in(HERE, {}, "festival"))
        gate.count(HERE)
    assert seen == [True, True, False]
    assert gate.lets_in(ELSEWHERE, {}, "festival")


def test_it_is_pressed_for_all_when_too_many_came_in_all() -> None:
    gate = Gate("newcomers", most=100, overall=3, seconds=60)
    for number in range(3):
        assert gate.lets_in(ELSEWHERE, {}, "festival")
        gate.count(f"192.0.2.{number}")
    assert not gate.lets_in(ELSEWHERE, {}, "festival")


def test_who_has_worked_passes_once(pressed: Gate) -> None:
    sent = worked(pressed)
    assert [pressed.lets_in(HERE, sent, "festival") for _ in range(2)] == [True, False]


def test_work_for_one_purpose_opens_no_other(pressed: Gate) -> None:
    assert not pressed.lets_in(HERE, worked(pressed, "other"), "festival")
    assert not pressed.lets_in(HERE, worked(Gate("codes", most=1, overall=1, seconds=1)), "festival")


def test_who_has_waited_passes_once(pressed: Gate, clock: Clock) -> None:
    sent = {"ticket": pressed.asks({}, "festival").ticket}
    seen = []
    for seconds in (0, WAIT_SECONDS - 1, 1, 0):
        clock.now += seconds
        seen.append(pressed.lets_in(HERE, sent, "festival"))
    assert seen == [False, False, True, False]


def test_who_comes_too_early_keeps_the_ticket(pressed: Gate, clock: Clock) -> None:
    first = pressed.asks({}, "festival")
    clock.now += 10
    again = pressed.asks({"ticket": first.ticket}, "festival")
    assert (first.seconds, again.ticket, again.seconds) == (WAIT_SECONDS, first.ticket, WAIT_SECONDS - 10)
    assert again.task != first.task


def test_a_ticket_for_one_purpose_opens_no_other_and_ends(pressed: Gate, clock: Clock) -> None:
    other, own = pressed.asks({}, "other").ticket, pressed.asks({}, "festival").ticket
    clock.now += WAIT_SECONDS
    assert not pressed.lets_in(HERE, {"ticket": other}, "festival")
    assert not pressed.lets_in(HERE, {"ticket": "of another house"}, "festival")
    clock.now += TICKET_SECONDS
    assert not pressed.lets_in(HERE, {"ticket": own}, "festival")
    assert pressed.asks({"ticket": own}, "festival").ticket != own


def test_a_ticket_of_the_time_to_come_opens_nothing(pressed: Gate, clock: Clock) -> None:
    sent = {"ticket": pressed.asks({}, "festival").ticket}
    clock.now -= 3600
    assert not pressed.lets_in(HERE, sent, "festival")
    assert pressed.asks(sent, "festival").seconds == WAIT_SECONDS


def test_of_those_who_wait_so_many_pass_in_a_minute_and_the_others_keep_their_tickets(
    pressed: Gate, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets = [pressed.asks({}, "festival").ticket for _ in range(gates.WAITED_HERE + 1)]
    clock.now += WAIT_SECONDS
    seen = [pressed.lets_in(HERE, {"ticket": ticket}, "festival") for ticket in tickets]
    assert (seen.count(True), seen[-1]) == (gates.WAITED_HERE, False)
    steady = time.monotonic()
    monkeypatch.setattr(pressed._waited_here, "_clock", lambda: steady + 60)
    assert pressed.lets_in(HERE, {"ticket": tickets[-1]}, "festival")


def test_ten_addresses_that_wait_leave_room_for_the_others(clock: Clock) -> None:
    gate = Gate("newcomers", most=1, overall=1, seconds=60)
    gate.count(HERE)
    crowd = [f"192.0.2.{number}" for number in range(10, 20)]
    tries = [(address, gate.asks({}, "festival").ticket) for address in crowd for _ in range(gates.WAITED_HERE)]
    others = [(f"203.0.113.{number}", gate.asks({}, "festival").ticket) for number in range(100)]
    clock.now += WAIT_SECONDS
    seen = [gate.lets_in(address, {"ticket": ticket}, "festival") for address, ticket in tries]
    # Five addresses have their sixty; of the others the first six each.
    assert seen.count(True) == gates.WAITED_BY_MANY + 5 * gates.WAITED_FEW
    assert all(gate.lets_in(address, {"ticket": ticket}, "festival") for address, ticket in others)


def test_what_was_taken_once_is_forgotten_in_time_and_no_earlier() -> None:
    now = itertools.count()
    once = Once(3, clock=lambda: float(next(now)))
    assert [once.take(text) for text in ("a", "a", "b", "a", "b", "b")] == [True, False, True, True, False, True]
    assert len(once._taken) == 2


def test_what_is_remembered_is_bounded_and_nothing_is_taken_twice_for_that() -> None:
    once = Once(60, places=2, clock=lambda: 0.0)
    assert [once.take(text) for text in "abca"] == [True, True, False, False]
    assert len(once._taken) == 2


def test_nothing_of_an_address_is_remembered(pressed: Gate) -> None:
    held = repr([vars(pressed), *(vars(one) for one in vars(pressed).values() if hasattr(one, "__dict__"))])
    assert HERE not in held
