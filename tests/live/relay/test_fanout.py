"""What is said is handed on once and in order; who listens is sent on from where nothing is missed, and else is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tertulia.live.relay import fanout
from tertulia.live.relay.boxes import key_name
from tertulia.live.relay.changes import Change
from tertulia.live.relay.channels import Channels
from tertulia.live.relay.control import Control
from tertulia.live.relay.fanout import Fanout
from tertulia.live.relay.speaking import carry_out
from tests.live.relay.exchange import Exchange, exchange
from tests.live.relay.stage import Stage, get, new_id, perform, stage, ticket

pytestmark = [pytest.mark.network]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "SETTLE_SECONDS", 0.01)


@asynccontextmanager
async def spread(folder: Path, nchan: Exchange) -> AsyncIterator[Stage]:
    async with stage(folder, fanout=Fanout(nchan.address, folder / "fanout.json")) as place:
        await place.relay.room("one")
        await nchan.until("present")
        yield place


async def sent_on(place: Stage, after: int, author: str = "a1") -> str:
    """Where nginx is told to go on for somebody who has heard all up to there; "" if the relay goes on itself."""
    line = await place.line()
    line.send(get("one", await place.position(after), cookie=ticket(author=author)))
    answer = await line.answer()
    assert answer.status == 200
    return answer.headers.get("x-accel-redirect", "")


async def say(place: Stage, nchan: Exchange, *words: str) -> str:
    """Say it, and wait until it has been handed on; the channel."""
    for word in words:
        await place.say(word)
    return await nchan.until(words[-1])


async def is_at(place: Stage, after: int, elsewhere: str) -> None:
    """Ask until nchan is known to hold all up to there, which is a moment after it has it."""
    async with asyncio.timeout(20):
        while await sent_on(place, after) != elsewhere:
            pass


def test_what_is_said_is_handed_on_once_and_in_order_with_the_ids_of_the_log(tmp_path: Path) -> None:
    async def play() -> None:
        async with exchange() as nchan, spread(tmp_path, nchan) as place:
            nchan.awake.clear()
            for word in ("first", "second", "third"):
                await place.say(word)
            nchan.awake.set()
            channel = await say(place, nchan, "fourth")
            ids = [line[4:] for line in "".join(nchan.held[channel]).splitlines() if line.startswith("id: ")]
            assert ids == [await place.position(sequence) for sequence in (1, 2, 3, 4)]

    perform(play())


def test_who_has_heard_all_that_nchan_no_longer_holds_is_sent_on_and_nobody_else(tmp_path: Path) -> None:
    async def play() -> None:
        async with exchange() as nchan, spread(tmp_path, nchan) as place:
            channel = await say(place, nchan, "first", "second")
            held = {word: number for number, told in enumerate(nchan.held[channel], 1) for word in told.split('"')}
            await is_at(place, 2, f"/fanout/{channel}/17:{held['second']}")
            assert await sent_on(place, 1) == f"/fanout/{channel}/17:{held['first']}"
            # From before there was a channel, and from nowhere.
            assert [await sent_on(place, after) for after in (0, 3)] == ["", ""]

    perform(play())


def test_what_nchan_did_not_take_is_not_tried_again_and_everybody_resumes_in_another_channel(tmp_path: Path) -> None:
    async def play() -> None:
        async with exchange() as nchan, spread(tmp_path, nchan) as place:
            first = await say(place, nchan, "taken")
            nchan.refusing = 2
            await place.say("not taken")
            await nchan.until_ended(first)
            await nchan.until("present")
            second = await say(place, nchan, "taken again")
            assert second != first
            assert "not taken" not in "".join(nchan.held[second])
            assert nchan.ended[-2:] == [first, first]
            await place.listener(after=await place.position(1))

    perform(play())


def test_from_before_something_was_taken_back_nobody_is_sent_on(tmp_path: Path) -> None:
    async def play() -> None:
        async with exchange() as nchan, spread(tmp_path, nchan) as place:
            channel = await say(place, nchan, "to be taken back", "between")
            await is_at(place, 2, f"/fanout/{channel}/17:{len(nchan.held[channel])}")
            await carry_out(place.relay, Change("one", "", new_id(), 1, None))
            await nchan.until('"removed"')
            assert await sent_on(place, 1) == ""
            assert await sent_on(place, 2) == ""

    perform(play())


def test_who_is_banned_hears_no_more_and_who_was_never_sent_on_ends_nobody(tmp_path: Path) -> None:
    async def play() -> None:
        async with exchange() as nchan, spread(tmp_path, nchan) as place:
            channel = await say(place, nchan, "words")
            await is_at(place, 1, f"/fanout/{channel}/17:{len(nchan.held[channel])}")
            await place.relay.command("one", 1, Control(banned={"elsewhere": 2.0**40}))
            assert await say(place, nchan, "words that all hear") == channel
            await place.relay.command("one", 2, Control(banned={"elsewhere": 2.0**40, "a1": 2.0**40}))
            await nchan.until_ended(channel)
            line = await place.line()
            line.send(get())
            assert (await line.answer()).status == 401

    perform(play())


def test_who_moderates_and_who_comes_with_a_foreign_position_stays_with_the_relay(tmp_path: Path) -> None:
    async def play() -> None:
        async with exchange() as nchan, spread(tmp_path, nchan) as place:
            channel = await say(place, nchan, "words")
            await is_at(place, 1, f"/fanout/{channel}/17:{len(nchan.held[channel])}")
            line = await place.line()
            line.send(get("one", "anotherepoch-1"))
            answer = await line.answer()
            assert (answer.status, answer.headers.get("x-accel-redirect")) == (200, None)
            event = await line.event()
            assert event
            assert event.kind == "reset"

    perform(play())


def test_a_relay_that_begins_ends_what_an_earlier_one_left_and_begins_other_channels(tmp_path: Path) -> None:
    async def play() -> None:
        async with exchange() as nchan:
            async with spread(tmp_path, nchan) as place:
                channel = await say(place, nchan, "words")
            assert channel not in nchan.ended
            nchan.refusing = 1
            async with stage(tmp_path, fanout=Fanout(nchan.address, tmp_path / "fanout.json")):
                await nchan.until_ended(channel)
            async with spread(tmp_path, nchan) as place:
                assert await say(place, nchan, "more words") != channel

    perform(play())


def test_a_door_that_was_made_harder_ends_the_channel(tmp_path: Path) -> None:
    async def play() -> None:
        async with exchange() as nchan, spread(tmp_path, nchan) as place:
            channel = await say(place, nchan, "words")
            await place.relay.command("one", 1, Control(door=1))
            await nchan.until_ended(channel)

    perform(play())


def test_of_a_room_that_is_erased_nchan_keeps_nothing(tmp_path: Path) -> None:
    async def play() -> None:
        async with exchange() as nchan, spread(tmp_path, nchan) as place:
            channel = await say(place, nchan, "words")
            place.keys.destroy(key_name("one"))
            line = await place.line()
            line.send(get())
            assert (await line.answer()).status == 404
            await nchan.until_ended(channel)
            assert dict(nchan.held) == {}

    perform(play())


def test_a_channel_that_was_emptied_is_ended(tmp_path: Path) -> None:
    async def play() -> None:
        async with exchange() as nchan, spread(tmp_path, nchan) as place:
            channel = await say(place, nchan, "words")
            nchan.held[channel].clear()
            await place.say("words into a void")
            await nchan.until_ended(channel)

    perform(play())


def test_while_the_name_of_a_channel_cannot_be_noted_nobody_is_sent_on(tmp_path: Path) -> None:
    async def play() -> None:
        async with exchange() as nchan, spread(tmp_path, nchan) as place:
            first = await say(place, nchan, "words")
            in_the_way = tmp_path / "fanout.new"
            in_the_way.mkdir()
            nchan.refusing = 1
            await place.say("words that are not taken")
            await nchan.until_ended(first)
            assert await sent_on(place, 2) == ""
            in_the_way.rmdir()
            assert await nchan.until("present") != first

    perform(play())


def test_names_of_channels_outlive_the_relay_and_come_only_once(tmp_path: Path) -> None:
    channels = Channels(tmp_path / "fanout.json")
    names = [channels.begin("one") for _ in range(100)]
    assert len(set(names)) == 100
    assert (Channels(tmp_path / "fanout.json").of("one"), Channels(tmp_path / "fanout.json").rooms()) == (
        names[-1],
        ["one"],
    )
    channels.forget("one")
    assert Channels(tmp_path / "fanout.json").rooms() == []


@pytest.mark.parametrize("address", ["127.0.0.1:8003", "https://festival.example/publish/", "http://"])
def test_an_address_that_is_none_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(ValueError, match="TERTULIA_FANOUT_URL is not an http address"):
        Fanout(address, tmp_path / "fanout.json")
