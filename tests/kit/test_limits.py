"""Tries are counted per address for a while, in bounded memory, and no address is kept."""

from __future__ import annotations

import pickle

import pytest

from tertulia.kit.limits import DAY, Limit

pytestmark = pytest.mark.parser


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def tries(limit: Limit, address: str, number: int) -> bool:
    for _ in range(number):
        limit.count(address)
    return limit.is_reached(address)


def test_the_limit_is_reached_at_the_number_and_not_before(clock: Clock) -> None:
    limit = Limit(3, 60, clock=clock)
    assert not limit.is_reached("192.0.2.1")
    assert not tries(limit, "192.0.2.1", 2)
    assert tries(limit, "192.0.2.1", 1)
    assert not limit.is_reached("192.0.2.2")


def test_it_ends_when_the_oldest_try_is_old_enough(clock: Clock) -> None:
    limit = Limit(2, 60, clock=clock)
    tries(limit, "192.0.2.1", 1)
    clock.now += 30
    assert tries(limit, "192.0.2.1", 1)
    clock.now += 29.9
    assert limit.is_reached("192.0.2.1")
    clock.now += 0.1
    assert not limit.is_reached("192.0.2.1")


def test_one_network_of_ipv6_is_one_address(clock: Clock) -> None:
    limit = Limit(1, 60, clock=clock)
    tries(limit, "2001:db8::1", 1)
    assert limit.is_reached("2001:db8::ffff")
    assert not limit.is_reached("2001:db8:0:1::1")


def test_an_ipv4_address_is_the_same_one_in_the_dress_of_ipv6(clock: Clock) -> None:
    limit = Limit(1, 60, clock=clock)
    tries(limit, "::ffff:203.0.113.9", 1)
    assert limit.is_reached("203.0.113.9")
    assert not limit.is_reached("::ffff:203.0.113.10")


def test_memory_is_bounded_and_the_longest_silent_are_forgotten(clock: Clock) -> None:
    limit = Limit(1, 60, places=2, clock=clock)
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.3"):
        limit.count(address)
    reached = [limit.is_reached(f"192.0.2.{last}") for last in (1, 2, 3)]
    assert reached == [True, False, True]


def test_no_address_is_held_and_the_key_ends_with_the_day(clock: Clock) -> None:
    limit = Limit(1, 10 * DAY, clock=clock)
    limit.count("192.0.2.1")
    held = pickle.dumps((limit._tries, limit._key))
    assert b"192.0.2.1" not in held
    key = limit._key
    clock.now += DAY
    assert not limit.is_reached("192.0.2.1")
    assert limit._key != key


def test_a_place_without_an_address_is_one_place(clock: Clock) -> None:
    limit = Limit(1, 60, clock=clock)
    assert tries(limit, "", 1)
