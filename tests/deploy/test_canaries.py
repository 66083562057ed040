"""Words of people go wrong along every path that there is, and are then looked for in everything that was written."""

from __future__ import annotations

import asyncio
import json
import os
import resource
from pathlib import Path

import pytest

from tests.deploy.breaking import Wrongs, come_in, sit_down
from tests.deploy.canaries import Asking, Bird, Canaries, hatch, send
from tests.deploy.careless import CarelessHouse
from tests.deploy.house import NGINX, Apart
from tests.deploy.scenes import FESTIVAL, SLUG
from tests.ground.served import Served

pytestmark = [pytest.mark.timeout(900), pytest.mark.journey]
behind_nginx = pytest.mark.skipif(not NGINX and "CI" not in os.environ, reason="nginx is not installed")
# What the log of the house takes, and its databases do not.
FULL_BYTES = 16_384
PATIENCE = 10
FAULT = 500


@behind_nginx
def test_no_word_and_no_address_is_written_down_wherever_something_goes_wrong() -> None:
    with Apart(**Wrongs.SETTINGS) as house:
        wrongs = Wrongs.all_of(house)
        assert (wrongs.answers(), wrongs.kept()) == (Wrongs.ANSWERS, {})
        assert " POST people:come_back 500 " in house.said()["web.log"]


@behind_nginx
def test_the_same_attack_finds_them_where_one_is_careless() -> None:
    with CarelessHouse(**Wrongs.SETTINGS) as house:
        kept = Wrongs.all_of(house).kept()
    assert kept.keys() == {"access.log", "commands", "postgresql", "queue", "tertulia.log", "web.log"}
    assert {"handle", "message", "query", "path", "agent", "referer", "host", "address"} <= set().union(*kept.values())
    assert (kept["queue"], kept["commands"], kept["postgresql"]) == (["handle"], ["handle"], ["handle", "message"])


@pytest.mark.usefixtures("django_db_setup")
def test_a_disk_that_is_full_tells_of_nobody(tmp_path: Path) -> None:
    served, words = Served(tmp_path / "house"), hatch()
    assert served.command("prepare").returncode == 0
    assert served.command("event", "import", str(FESTIVAL), "--slug", SLUG).returncode == 0
    served.command("worker", "--drain")
    served.start()
    try:
        assert served.process
        wrongs = list(Asking(words).at_both())
        assert [send(wrong, served.port, None) for wrong in wrongs] == [wrong.status for wrong in wrongs]
        assert asyncio.run(speak_until_it_is_full(served.process.pid, served.port, words)) == (200, 500, 503)
    finally:
        assert served.stop() == 0
    assert words.found_in(served.said()) == []
    assert "POST programme:join 500" in served.said()


async def speak_until_it_is_full(process: int, port: int, words: Canaries) -> tuple[int, int, int]:
    """What is answered before, and then to a name and to a message."""
    bird = Bird(words, port)
    try:
        before = await come_in(bird, words.handle)
        room = await sit_down(bird)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (FULL_BYTES, resource.RLIM_INFINITY))
        name = post = before
        for turn in range(PATIENCE):
            name = name if name == FAULT else await come_in(bird, words.handle[turn:])
            body = json.dumps({"id": os.urandom(8).hex(), "text": words.message * 100}).encode()
            post = (await bird.post(room.marked["data-stream"], body, "application/json")).status
        resource.prlimit(process, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        return before, name, post
    finally:
        await bird.hang_up()
