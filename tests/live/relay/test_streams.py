"""Listeners hear everything once and in order, wherever they begin and whatever happens to the store."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from pathlib import Path

import pytest

from tertulia.live.relay import relay as relay_module
from tertulia.live.relay import room as room_module
from tertulia.live.relay.room import RING_ENTRIES
from tertulia.live.relay.store.log import Kept, Sealed
from tertulia.live.relay.store.sqlite import SqliteLog
from tertulia.live.relay.writer import NotStored
from tests.live.relay.stage import (
    Event,
    Stage,
    draft,
    fill,
    forget_ring,
    get,
    perform,
    stage,
    ticket,
    upto,
)

pytestmark = [pytest.mark.network, pytest.mark.parser]

LOOPS = pytest.mark.parametrize("loop", ["asyncio", "uvloop"])


@LOOPS
@pytest.mark.parametrize("ring", ["in the ring", "in the store"])
def test_who_comes_back_hears_what_was_missed(tmp_path: Path, ring: str, loop: str) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            await fill(place, 1200)
            if ring == "in the store":
                await forget_ring(place)
            for after in (0, 1, 700, 1199, 1200):
                line = await place.stream(after=await place.position(after))
                heard = [event async for event in upto(line, "present")]
                assert [event.text for event in heard] == [f"number {one}" for one in range(after + 1, 1201)]
                assert [event.id for event in heard[-1:]] == [await place.position(1200)] * (after < 1200)
            line = await place.line()
            line.send(get(f"one?after={await place.position(1199)}", cookie=ticket("one")))
            assert (await line.answer()).status == 200
            assert [event.text for event in await line.events_until(1200)] == ["number 1200"]

    perform(play(), loop)


def test_a_newcomer_hears_from_now_on(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            await fill(place, 3)
            line = await place.listener()
            assert await place.say("four") == 4
            assert [event.text for event in await line.events_until(4)] == ["four"]

    perform(play())


def test_rooms_do_not_hear_each_other(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            one, two = await place.listener("one"), await place.listener("two")
            assert [await place.say("first", room="one"), await place.say("second", room="two")] == [1, 1]
            assert [event.text for event in await one.events_until(1)] == ["first"]
            assert [event.text for event in await two.events_until(1)] == ["second"]

    perform(play())


@pytest.mark.parametrize("after", ["0123456789ab-1", "ahead", "far behind"])
def test_a_place_that_is_not_in_this_log_means_fetch_anew(
    tmp_path: Path, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "BEHIND", 5)

    async def play() -> None:
        async with stage(tmp_path) as place:
            await fill(place, 6)
            start = {"ahead": await place.position(7), "far behind": await place.position(0)}.get(after, after)
            line = await place.stream(after=start)
            assert [await line.event(), await line.event()] == [Event("reset", "", ""), None]
            assert (await place.relay.room("one")).listeners == set()

    perform(play())


@LOOPS
@pytest.mark.parametrize("ring", [RING_ENTRIES, 7])
def test_who_joins_in_the_middle_of_a_burst_misses_nothing_and_hears_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ring: int, loop: str
) -> None:
    monkeypatch.setattr(room_module, "RING_ENTRIES", ring)
    monkeypatch.setattr(room_module, "CHUNK_BYTES", 500)
    monkeypatch.setattr(relay_module, "READ_AT_ONCE", 5)
    chance = random.Random(7)

    async def speak(place: Stage, number: int) -> None:
        for turn in range(15):
            await place.relay.say(draft(f"{number} {turn}"))

    async def join(place: Stage) -> tuple[int, list[Event]]:
        room = await place.relay.room("one")
        while room.last < chance.randrange(280):  # noqa: ASYNC110 - it is the burst itself that is waited for
            await asyncio.sleep(0)
        after = chance.randrange(room.last + 1)
        line = await place.stream(after=await place.position(after))
        return after, await line.events_until(300)

    async def play() -> None:
        async with stage(tmp_path) as place:
            speakers = [asyncio.create_task(speak(place, number)) for number in range(20)]
            heard = await asyncio.gather(*(join(place) for _ in range(40)))
            await asyncio.gather(*speakers)
            room = await place.relay.room("one")
            monkeypatch.setattr(relay_module, "READ_AT_ONCE", 500)
            fresh = [entry.frame(room.epoch).split(b"\n")[0].decode() for entry in await place.relay.read(room, 0)]
            assert len(fresh) == 300
            for after, events in heard:
                assert [f"id: {event.id}" for event in events] == fresh[after:]

    perform(play(), loop)


def test_what_is_committed_and_not_yet_published_is_not_heard_twice(tmp_path: Path) -> None:
    async def play() -> None:
        store = SqliteLog(tmp_path / "other.sqlite3")
        async with stage(tmp_path, store) as place:
            await fill(place, 2)
            await forget_ring(place)
            await place.relay.room("one")
            # Committed, and the one who publishes it has not come to it.
            hidden = draft("number 3")
            store.append([place.relay.boxes.seal(hidden)])
            line = await place.stream(after=await place.position(0))
            heard = [event.text async for event in upto(line, "present")]
            assert await place.relay.say(draft("number 4")) == 4
            heard += [event.text for event in await line.events_until(4)]
            assert heard == ["number 1", "number 2", "number 3", "number 4"]

    perform(play())


class Forgetful(SqliteLog):
    """A store that commits and then, now and then, loses its answer."""

    lost = 0

    def append(self, drafts: list[Sealed]) -> list[Kept]:  # type: ignore[override]
        kept = super().append(drafts)
        if self.lost:
            self.lost -= 1
            raise OSError("the line broke")
        return kept


@LOOPS
def test_a_commit_whose_answer_was_lost_is_heard_in_order(tmp_path: Path, loop: str) -> None:
    async def play() -> None:
        store = Forgetful(tmp_path / "other.sqlite3")
        async with stage(tmp_path, store) as place:
            line, said = await place.listener(), draft("number 2")
            await place.relay.say(draft("number 1"))
            store.lost = 1
            with pytest.raises(NotStored):
                await place.relay.say(said)
            # Whoever fetched the page now is ahead of what was published.
            ahead = await place.listener(after=await place.position(2))
            assert [event.text for event in await line.events_until(2)] == ["number 1", "number 2"]
            store.lost = 1
            with pytest.raises(NotStored):
                await place.relay.say(draft("number 3"))
            assert await place.relay.say(draft("number 4")) == 4
            assert await place.relay.say(said) == 2
            for one in (line, ahead):
                assert [event.text for event in await one.events_until(4)] == ["number 3", "number 4"]

    perform(play(), loop)


def test_a_second_try_is_heard_as_it_was_stored_at_first(tmp_path: Path) -> None:
    async def play() -> None:
        store = Forgetful(tmp_path / "other.sqlite3")
        async with stage(tmp_path, store) as place:
            line, said = await place.listener(), draft("at nine")
            store.lost = 1
            with pytest.raises(NotStored):
                await place.relay.say(said)
            assert await place.relay.say(replace(said, body=said.body.replace(b"at nine", b"at ten"))) == 1
            assert [event.text for event in await line.events_until(1)] == ["at nine"]

    perform(play())


class Full(SqliteLog):
    """A store on a disk that is full for a while."""

    is_full = False

    def append(self, drafts: list[Sealed]) -> list[Kept]:  # type: ignore[override]
        pages = 1 if self.is_full else 2**30
        self._connection().execute(f"PRAGMA max_page_count={pages}")
        return super().append(drafts)


def test_what_a_full_disk_refuses_is_not_published_and_later_ones_are(tmp_path: Path) -> None:
    async def play() -> None:
        store = Full(tmp_path / "other.sqlite3")
        async with stage(tmp_path, store) as place:
            line = await place.listener()
            assert await place.relay.say(draft("before")) == 1
            store.is_full = True
            lost = await asyncio.gather(
                *(place.relay.say(draft("x" * 2000)) for _ in range(40)), return_exceptions=True
            )
            assert {type(one) for one in lost} == {NotStored}
            store.is_full = False
            assert await place.relay.say(draft("after")) == 2
            assert [event.text for event in await line.events_until(2)] == ["before", "after"]

    perform(play())


def test_when_what_is_stored_cannot_be_sent_listeners_come_back_for_it(tmp_path: Path) -> None:
    async def play() -> None:
        store = Forgetful(tmp_path / "other.sqlite3")
        async with stage(tmp_path, store) as place:
            line = await place.listener()
            store.lost = 1
            with pytest.raises(NotStored):
                await place.relay.say(draft("number 1"))
            read, store.read = store.read, lambda *_: []  # type: ignore[method-assign]
            assert await place.relay.say(draft("number 2")) == 2
            assert [await line.event(), await line.event()] == [Event("reset", "", ""), None]
            store.read = read  # type: ignore[method-assign]
            line = await place.stream(after=await place.position(0))
            assert [event.text for event in await line.events_until(2)] == ["number 1", "number 2"]

    perform(play())


def test_history_that_cannot_be_read_breaks_the_stream_off(tmp_path: Path) -> None:
    async def play() -> None:
        store = SqliteLog(tmp_path / "other.sqlite3")
        async with stage(tmp_path, store) as place:
            await fill(place, 3)
            await forget_ring(place)
            store._connection().execute("UPDATE entry SET box = x'00' WHERE sequence = 2")
            line = await place.stream(after=await place.position(0))
            assert await line.event() is None
            assert (await place.relay.room("one")).listeners == set()
            assert await place.say("still here") == 4

    perform(play())
