"""Every page of the inventory holds what is promised of it: readable by everybody, by keyboard, light, valid."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tertulia.design.queries import style_sheet
from tests.journeys import markup
from tests.journeys.walk import Seen, of_ours, walk
from tests.looks.house import Houses
from tests.looks.pages import PAGES

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

MEASURES = (
    "as listed",
    "axe",
    "keyboard",
    "skip link",
    "escape",
    "targets",
    "overflow",
    "title and description",
    "weight",
    "console and other sites",
)


@pytest.fixture(scope="module")
def seen(browser: Browser) -> Iterator[Seen]:
    """What one walk through all pages found."""
    with Houses() as houses:
        yield walk(browser, houses, of_ours(PAGES))


@pytest.mark.parametrize("measure", MEASURES)
def test_every_page_holds(measure: str, seen: Seen) -> None:
    assert seen.taken[measure] >= len(of_ours(PAGES))
    assert seen.faults[measure] == []


def test_nothing_else_was_measured(seen: Seen) -> None:
    assert set(seen.taken) == set(MEASURES)


def test_what_is_weighed_came_packed_over_the_wire(seen: Seen) -> None:
    weights = {place.split(" (")[0]: weight for place, weight in seen.weights.items()}
    assert weights["front"]["styles"] == len(style_sheet().packed)
    assert weights["room-with-talk"]["scripts"] > weights["front"]["scripts"] > 0


@pytest.mark.skipif(not markup.is_here() and "CI" not in os.environ, reason="npm ci and Java bring the checker")
def test_every_page_is_valid(seen: Seen) -> None:
    assert markup.faults_in(seen.html) == []
