"""Web, relay and worker apart, started as the units say, on PostgreSQL and behind nginx; the short form."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.deploy import scenes
from tests.deploy.house import NGINX, Apart

pytestmark = [
    # So many processes begin that a busy machine takes its time.
    pytest.mark.timeout(400),
    pytest.mark.journey,
    pytest.mark.skipif(not NGINX and "CI" not in os.environ, reason="nginx is not installed"),
]


@pytest.fixture(scope="module")
def house() -> Iterator[Apart]:
    """A server on which a festival has been announced; the last test ends its services."""
    with Apart(TERTULIA_NEWCOMERS_PER_MINUTE="1000", TERTULIA_LEASE_SECONDS="4") as apart:
        scenes.import_festival(apart)
        yield apart


def test_all_is_ready(house: Apart) -> None:
    scenes.all_is_ready(house)


def test_a_page_comes_with_its_headers(house: Apart) -> None:
    scenes.pages_have_their_headers(house)


def test_a_form_reaches_a_stream_which_goes_on_while_the_pages_are_killed(house: Apart) -> None:
    scenes.a_page_without_javascript_speaks_and_pages_may_fall(house)


def test_the_books_balance_though_the_relay_is_killed(house: Apart) -> None:
    scenes.books_balance(house, participants=12, minutes=0.05)


def test_no_log_knows_who_came(house: Apart) -> None:
    scenes.nobody_is_written_down(house)


def test_told_to_stop_they_end_well_and_who_is_missing_is_named(house: Apart) -> None:
    scenes.told_to_stop_they_end_well(house)
