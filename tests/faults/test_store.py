"""The room log on a full disk, and a room log that is damaged: what people, and what the operator, are told."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tertulia.live.rehearsal.browser import Response
from tertulia.live.rehearsal.crowd import Crowd
from tertulia.live.rehearsal.participant import Participant
from tertulia.live.rehearsal.plan import Plan
from tests.ground.served import Served
from tests.ground.store import SqliteStore
from tests.programme.schedules import FILES

pytestmark = pytest.mark.journey

SLUG = "one-sky"
# What the files of the server may hold while its disk is "full": what is there already cannot grow.
FULL_BYTES = 1
PAGE_BYTES = 4096


@pytest.fixture
def house(tmp_path: Path) -> Served:
    """A house that is not open yet."""
    served = Served(tmp_path)
    SqliteStore(served.folder).lay()
    imported = served.command("event", "import", str(FILES / "festival.json"), "--slug", SLUG)
    assert imported.returncode == 0, imported.stderr
    served.command("worker", "--drain")
    served.start()
    return served


class Writer:
    """Somebody in a room of the house, who keeps what was refused and sends it again under the same id."""

    def __init__(self, house: Served) -> None:
        plan = Plan(SLUG, "127.0.0.1", house.port, participants=1, countries=1, seconds=0, rate=1, steps=(1,))
        self.somebody = Participant(1, Crowd(plan, 0).company)
        self.kept: list[bytes] = []
        self.acknowledged: dict[str, int] = {}

    async def come_in(self) -> None:
        await self.somebody.come_in()

    async def say(self, text: str) -> Response:
        return await self._send(json.dumps({"id": os.urandom(8).hex(), "text": text}).encode())

    async def say_what_was_kept(self) -> list[int]:
        kept, self.kept = self.kept, []
        return [(await self._send(body)).status for body in kept]

    async def _send(self, body: bytes) -> Response:
        assert self.somebody.listener
        answer = await self.somebody.browser.post(self.somebody.listener.stream, body, "application/json")
        if answer.status == 200:
            self.acknowledged[json.loads(body)["id"]] = json.loads(answer.body)["sequence"]
        else:
            self.kept.append(body)
        return answer


def limit(house: Served, size: int) -> None:
    assert house.process
    resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_what_a_full_disk_refuses_is_kept_and_sent_when_there_is_room_again(house: Served) -> None:
    async def play() -> Writer:
        one = Writer(house)
        await one.come_in()
        assert (await one.say("before")).status == 200
        limit(house, FULL_BYTES)
        refused = [await one.say(f"meanwhile {number}") for number in range(3)]
        assert [answer.status for answer in refused] == [503] * 3
        assert [json.loads(answer.body)["detail"] for answer in refused] == ["the message could not be stored"] * 3
        limit(house, resource.RLIM_INFINITY)
        assert await one.say_what_was_kept() == [200] * 3
        assert (await one.say("after")).status == 200
        await one.somebody.leave()
        return one

    try:
        one = asyncio.run(play())
    finally:
        assert house.stop() == 0
    assert list(one.acknowledged.values()) == [1, 2, 3, 4, 5]
    with closing(sqlite3.connect(house.folder / "rooms.sqlite3")) as log:
        assert log.execute("SELECT count(*), max(sequence) FROM entry").fetchone() == (5, 5)
    house.start()
    assert (house.stop(), house.stored()) == (0, 5)


def test_a_damaged_room_log_is_one_line_that_says_what_to_do(house: Served) -> None:
    async def play() -> None:
        one = Writer(house)
        await one.come_in()
        for number in range(10):
            assert (await one.say(f"{number} " + "x" * 1900)).status == 200
        await one.somebody.leave()

    try:
        asyncio.run(play())
    finally:
        assert house.stop() == 0
    file = house.folder / "rooms.sqlite3"
    assert file.stat().st_size > 4 * PAGE_BYTES
    with file.open("r+b") as log:
        log.seek(-2 * PAGE_BYTES, os.SEEK_END)
        log.write(os.urandom(2 * PAGE_BYTES))
    damaged = file.read_bytes()
    done = house.command("serve", "--port", str(house.port))
    complaints = [line for line in done.stderr.splitlines() if " INFO " not in line]
    assert (done.returncode, done.stdout, len(complaints)) == (2, "", 1), done.stderr
    assert complaints[0].startswith(f"tertulia: the room log {file} cannot be used (")
    assert complaints[0].endswith("): restore it from the last backup")
    assert file.read_bytes() == damaged
