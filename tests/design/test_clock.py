"""Who is awake when, in words and on the dial."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tertulia.design.clock import awake_regions, dial, good_hour, utc_hour


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (9, "good hour for Africa, Europe, South Asia, East Asia"),
        (13, "good hour everywhere"),
        (22.5, "good hour for the Americas"),
        (3, "good hour for the Americas, South Asia, East Asia"),
    ],
)
def test_an_hour_in_words(hour: float, words: str) -> None:
    assert good_hour(_at(hour)) == words


def test_some_region_is_always_awake() -> None:
    assert [minute for minute in range(0, 24 * 60, 5) if not awake_regions(minute / 60)] == []


def test_waking_counts_and_sleeping_does_not() -> None:
    assert [region.colour for region in awake_regions(7)] == ["teal", "marigold", "violet"]
    assert [region.colour for region in awake_regions(22)] == ["coral"]


def test_the_hand_stands_at_the_hour_in_utc() -> None:
    lima = datetime(2021, 11, 17, 4, 12, tzinfo=timezone(timedelta(hours=-5)))
    assert utc_hour(lima) == 9.2
    assert dial(0, 100).hand == (50.0, 3.0)
    assert dial(6, 100).hand == (97.0, 50.0)


@pytest.mark.parametrize("size", [44, 76, 112, 220])
def test_nothing_leaves_the_dial(size: int) -> None:
    drawn = dial(17.5, size)
    assert [ring for ring in drawn.rings if not 3 < ring.radius < size / 2 - 2] == []
    ends = [float(number) for number in re.findall(r"[\d.]+", drawn.ticks)]
    assert [end for end in ends if not 0 <= end <= size] == []
    assert bool(drawn.ticks) is (size >= 160)


def test_a_small_dial_has_one_ring_bright_where_most_are_awake() -> None:
    (ring,) = dial(17.5, 44).rings
    assert (ring.radius, ring.arc.count("M")) == (17, 2)
    # From 2:30 to 4 in UTC three are awake, and from 7 to 17:30 three or four.
    assert ring.arc.startswith("M32.3 8.5A17.0 17.0 0 0 1 36.7 13.5")


def _at(hour: float) -> datetime:
    return datetime(2021, 11, 17, tzinfo=UTC) + timedelta(hours=hour)
