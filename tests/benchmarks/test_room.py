"""The short form of the room's benchmark measures all of ours, and what is to hold is judged by its bound."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from benchmarks._room.clients import NotDelivered
from benchmarks._room.measures import Readings, balanced
from benchmarks._room.telling import APART, NCHAN, OURS, Hold, holds
from tests.suite import ROOT


@pytest.mark.journey
@pytest.mark.timeout(300)
@pytest.mark.skipif(not shutil.which("gcc"), reason="gcc is not installed")
def test_the_short_form_reads_every_figure_of_ours() -> None:
    line = [sys.executable, "-m", "benchmarks.room", "--short", "--engines", "serve", "--json"]
    done = subprocess.run(line, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    heard, posts = json.loads(done.stdout)["rows"]
    assert (heard["engine"], heard["listeners"], posts["listeners"]) == (OURS, 200, 0)
    assert all(
        len(heard[what]) == 1 for what in ("connects", "cost", "p50", "p99", "last_p50", "burst", "memory", "back")
    )
    assert all(reading > 0 for what in ("single", "store", "http") for reading in posts[what])


@pytest.mark.parametrize("told", [{"deliveries": 6, "unbalanced": 1}, {"deliveries": 5, "unbalanced": 0}])
def test_nothing_is_read_off_a_run_that_lost_or_doubled(told: dict[str, float]) -> None:
    with pytest.raises(NotDelivered, match=r"nchan, 2 listeners: \d of 6 deliveries came, \d listeners are short"):
        balanced("nchan, 2 listeners", told | {"expected": 6})


def test_a_figure_is_held_against_its_peer() -> None:
    readings = Readings()
    readings.note(OURS, 1000, burst=500.0, cost=2.0, connects=29.0)
    readings.note(NCHAN, 1000, burst=100.0, cost=2.1, connects=100.0)
    readings.note(APART, 1000, connects=80.0)
    found = [(hold.reading, hold.bound, hold.holds()) for hold in holds(readings, [1000])]
    assert found == [
        (5.0, 5.0, True),
        (pytest.approx(2.0 / 2.1), 1.0, True),
        (pytest.approx(0.29), 0.3, False),
        (pytest.approx(0.8), 0.8, True),
    ]


def test_the_median_of_all_rounds_counts_and_of_coming_back_the_slowest() -> None:
    readings = Readings()
    for ours, peer, back in ((10.0, 1.0, 59.0), (50.0, 10.0, 61.0), (60.0, 11.0, 3.0)):
        readings.note(OURS, 5000, burst=ours, back=back)
        readings.note(NCHAN, 5000, burst=peer)
    assert [(hold.reading, hold.holds()) for hold in holds(readings, [5000])] == [(5.0, True), (61.0, False)]


def test_durable_posts_are_held_against_one_commit_for_each_on_the_same_store() -> None:
    readings = Readings()
    readings.note(OURS, 0, single=10.0, store=160.0, http=140.0)
    readings.note(APART, 0, single=1.0, store=20.0, http=30.0)
    assert [(hold.reading, hold.holds()) for hold in holds(readings, [])] == [
        (16.0, True),
        (14.0, False),
        (20.0, True),
        (30.0, True),
    ]


def test_what_falls_short_says_so() -> None:
    assert Hold("memory", 0.31, 0.3, at_least=False).told() == "- memory: 0.31 × (at most 0.3 ×): **falls short**"
    assert Hold("bursts", 5.0, 5.0, at_least=True).told() == "- bursts: 5 × (at least 5 ×): holds"
