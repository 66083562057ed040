"""Who says much in one breath waits; who waited may go on."""

from __future__ import annotations

import pytest

from tertulia.live.relay import flood
from tertulia.live.relay.flood import BURST, PER_SECOND, Flood

pytestmark = pytest.mark.parser


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(flood, "time", clock)
    return clock


def test_a_breath_then_one_at_a_time(clock: Clock) -> None:
    gate = Flood()
    assert [gate.wait("a1") for _ in range(BURST + 2)] == [0.0] * BURST + [1 / PER_SECOND] * 2
    assert gate.wait("a2") == 0.0
    clock.now += 0.25 / PER_SECOND
    assert gate.wait("a1") == 0.75 / PER_SECOND
    clock.now += 0.75 / PER_SECOND
    assert [gate.wait("a1"), gate.wait("a1")] == [0.0, 1 / PER_SECOND]


def test_a_bucket_is_never_fuller_than_full(clock: Clock) -> None:
    gate = Flood()
    gate.wait("a1")
    clock.now += 10_000
    assert sum(gate.wait("a1") == 0.0 for _ in range(BURST * 2)) == BURST


def test_who_is_quiet_is_forgotten_and_who_is_not_is_not(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flood, "_FORGET_AT", 10)
    gate = Flood()
    for number in range(10):
        gate.wait(f"quiet{number}")
    clock.now += BURST / PER_SECOND
    for _ in range(BURST):
        gate.wait("loud")
    assert gate.wait("loud") > 0
    assert list(gate._buckets) == ["loud"]


@pytest.mark.usefixtures("clock")
def test_the_forgetting_is_not_tried_at_every_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flood, "_FORGET_AT", 10)
    gate, tries = Flood(), []
    forget = gate._forget
    monkeypatch.setattr(gate, "_forget", lambda now: (tries.append(now), forget(now)))
    for number in range(1000):
        gate.wait(f"a{number}")
    assert len(tries) == 7
