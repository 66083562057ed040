"""Rooms that nchan and Redis send to those who listen: the books balance there, too, whatever restarts meanwhile."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator

import psycopg
import pytest

from tests.deploy import scenes
from tests.deploy.spread import HAS_ALL, Spread
from tests.ground.nursery import until

# `./run prove room nchan` has more people, who talk for longer.
PARTICIPANTS = int(os.environ.get("TERTULIA_PARTICIPANTS", "30"))
MINUTES = os.environ.get("TERTULIA_MINUTES", "0.3")

pytestmark = [
    pytest.mark.timeout(400),
    pytest.mark.journey,
    pytest.mark.skipif(not HAS_ALL and "CI" not in os.environ, reason="nginx, its nchan or Redis is not installed"),
]


@pytest.fixture(scope="module")
def house() -> Iterator[Spread]:
    """A server with nchan in front, on which a festival has been announced."""
    with Spread(TERTULIA_NEWCOMERS_PER_MINUTE="1000") as spread:
        scenes.import_festival(spread)
        yield spread


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param(lambda _house: None, id="nothing"),
        pytest.param(Spread.reload_nginx, id="nginx is reloaded"),
        pytest.param(Spread.restart_redis, id="Redis is restarted"),
        pytest.param(lambda house: (house.kill("relay"), house.start("relay")), id="the relay is killed"),
    ],
)
def test_the_books_balance(house: Spread, meanwhile: Callable[[Spread], object]) -> None:
    house.wait()
    before = _stored(house)
    rehearsal = house.rehearsal(scenes.SLUG, "--participants", str(PARTICIPANTS), "--minutes", MINUTES, "--rate", "10")
    until(lambda: rehearsal.poll() is not None or house.listeners() >= PARTICIPANTS // 2)
    until(lambda: rehearsal.poll() is not None or _stored(house) > before + 20)
    assert rehearsal.poll() is None
    meanwhile(house)
    out, err = rehearsal.communicate(timeout=180)
    figures = json.loads(out)
    assert (figures["lost"], figures["doubled"], figures["out_of_order"], figures["errors"]) == (0, 0, 0, 0), err
    assert figures["deliveries"] == figures["deliveries_expected"] > PARTICIPANTS * 100


def _stored(house: Spread) -> int:
    with psycopg.connect(house.environment["DATABASE_URL"]) as log:
        found = log.execute("SELECT coalesce(sum(last), 0) FROM rooms.room").fetchone()
    return int(found[0]) if found else 0
