"""Who is gone is heard and hears no more, whatever ticket is left somewhere."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from tertulia.live.relay.hub import Hub, ask
from tertulia.live.relay.tickets import MINUTES
from tests.live.relay.stage import Line, Stage, fill, get, perform, post, stage, ticket

pytestmark = [pytest.mark.network, pytest.mark.parser]


async def asks(place: Stage, request: bytes) -> int:
    line = await place.line()
    line.send(request)
    return (await line.answer()).status


async def ear(place: Stage, author: str, cookie: str = "") -> Line:
    """A stream that stands open by a ticket of an author."""
    line = await place.line()
    line.send(get(cookie=cookie or ticket(author=author)))
    assert (await line.answer()).status == 200
    while (event := await line.event()) and event.kind != "present":
        pass
    return line


def test_streams_end_and_earlier_tickets_open_nothing(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            hub = Hub(place.relay, tmp_path / "hub.sock")
            await hub.start()
            gone, nameless, stays = await ear(place, "a1"), await ear(place, ""), await ear(place, "a2")
            answer = await asyncio.to_thread(ask, hub.path, {"send_away": ["a1", "a3"]})
            assert answer == {"sent_away": 1}
            assert await gone.has_closed()
            old = [get(cookie=ticket(author="a1")), post("I am still here", author="a1"), post("so am I", author="a3")]
            assert [await asks(place, request) for request in old] == [401, 401, 401]
            await place.say("who is left?", author="a2")
            for line in (nameless, stays):
                assert [event.text for event in await line.events_until(1)] == ["who is left?"]
            await hub.stop()

    perform(play())


def test_a_ticket_that_is_made_afterwards_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            before = ticket(author="a1")
            await place.relay.send_away(["a1"])
            with monkeypatch.context() as later:
                now = time.time()
                later.setattr(time, "time", lambda: now + 1)
                after = ticket(author="a1")
            assert await asks(place, get(cookie=before)) == 401
            line = await ear(place, "a1", after)
            assert await place.relay.send_away(["a1"]) == 1
            assert await line.has_closed()

    perform(play())


def test_who_is_gone_is_remembered_as_long_as_a_ticket_lasts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            began = time.time()
            for author, minutes in (("a1", 0), ("a2", MINUTES - 1), ("a3", MINUTES + 1)):
                monkeypatch.setattr(time, "time", lambda minutes=minutes: began + minutes * 60)
                await place.relay.send_away([author])
            assert sorted(place.relay.streams.sent_away()) == ["a2", "a3"]

    perform(play())


def test_who_is_still_catching_up_is_sent_away_too(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            await fill(place, 1200, "☂" * 1900)
            line = await place.line(limit=2**16)
            line.send(get(cookie=ticket(author="a1"), after=await place.position(0)))
            assert (await line.answer()).status == 200
            assert await place.relay.send_away(["a1"]) == 1
            heard = await line.events_until(1200)
            assert len(heard) < 1200
            assert len(place.relay.streams) == 0

    perform(play())


@pytest.mark.parametrize("wrong", [None, 7, [["a1"]], [{}]])
def test_what_is_no_list_of_authors_is_malformed(tmp_path: Path, wrong: object) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            hub = Hub(place.relay, tmp_path / "hub.sock")
            await hub.start()
            answer = await asyncio.to_thread(ask, hub.path, {"send_away": wrong})
            assert answer == {"refused": "malformed", "why": "not a request"}
            await hub.stop()

    perform(play())
