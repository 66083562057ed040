"""Relay, web, worker and PostgreSQL are killed while people write; nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import os

import pytest

from tests.deploy import scenes
from tests.deploy.house import NGINX, Apart
from tests.deploy.kills import DURABLE, KILLED, are_even, books_over_kills

# `./run prove room apart` kills each of them more often.
ROUNDS = int(os.environ.get("TERTULIA_ROUNDS", "1"))
PARTICIPANTS, RATE = 20, 10

pytestmark = [
    pytest.mark.timeout(300 + 90 * ROUNDS),
    pytest.mark.journey,
    pytest.mark.skipif(not NGINX and "CI" not in os.environ, reason="nginx is not installed"),
]


def test_books_balance_though_each_process_is_killed(capfd: pytest.CaptureFixture[str]) -> None:
    settings = {"TERTULIA_NEWCOMERS_PER_MINUTE": "1000", "TERTULIA_LEASE_SECONDS": "4"}
    with Apart(postgresql=DURABLE, **settings) as house:
        scenes.import_festival(house)
        figures = books_over_kills(house, ROUNDS, PARTICIPANTS, RATE)
    with capfd.disabled():
        print(f"\nkilled {figures['killed']} times with {figures['posts_acknowledged']} posts acknowledged: {figures}")
    assert figures["killed"] == ROUNDS * len(KILLED)
    are_even(figures, PARTICIPANTS)
