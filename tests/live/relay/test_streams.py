"""Listeners hear everything once and in order, wherever they begin and whatever happens to the store."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from tertulia.live.relay import relay as relay_module
from tertulia.live.relay import room as room_module
from tertulia.live.relay import tickets
from tertulia.live.relay.boxes import key_name
from tertulia.live.relay.entries import Draft, draft_message
from tertulia.live.relay.relay import NoSuchRoom, NotStored, Relay
from tertulia.live.relay.room import RING_ENTRIES, SLOW_BYTES, Room
from tertulia.live.relay.store.log import Damaged, Head, Kept, Sealed
from tertulia.live.relay.store.sqlite import SqliteLog
from tests.live.relay.stage import Event, Line, Stage, get, new_id, perform, stage, ticket

pytestmark = [pytest.mark.network, pytest.mark.parser]

LOOPS = pytest.mark.parametrize("loop", ["asyncio", "uvloop"])


def draft(text: str, room: str = "one", author: str = "a1") -> Draft:
    return draft_message(room, author, "Nadi", {"id": new_id(), "text": text})


async def fill(place: Stage, count: int, text: str = "number") -> None:
    """Say `count` things in room one: "number 1" and so on."""
    last = (await place.relay.room("one")).last
    await asyncio.gather(*(place.relay.say(draft(f"{text} {number}")) for number in range(last + 1, last + count + 1)))


async def forget_ring(place: Stage) -> None:
    """As after a restart."""
    place.relay._rooms.clear()


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


async def upto(line: Line, kind: str):  # type: ignore[no-untyped-def]  # noqa: ANN201
    while (event := await line.event()) and event.kind != kind:
        yield event


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


@LOOPS
def test_a_listener_that_does_not_read_is_cut_and_comes_back(tmp_path: Path, loop: str) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            # Four kilobytes at a time: the limit of its reader makes it stop reading.
            slow = await place.line(limit=1024)
            slow.send(get())
            assert (await slow.answer()).status == 200
            slow.writer.transport.pause_reading()  # type: ignore[attr-defined]
            others = [await place.listener() for _ in range(3)]
            room = await place.relay.room("one")
            async with asyncio.timeout(20):
                while len(room.listeners) < 4:  # noqa: ASYNC110 - rooms ring no bell
                    await asyncio.sleep(0)
            [its] = room.listeners - {one for one in room.listeners if one.get_extra_info("peername") != peer(slow)}
            count, worst = 0, 0
            while its in room.listeners:
                await fill(place, 20, "x" * 1900)
                count += 20
                worst = max(worst, its.get_write_buffer_size())
                assert count < 20_000
            assert worst <= SLOW_BYTES + 20 * 2200
            for one in others:
                assert len(await one.events_until(count)) == count
            back = await place.stream(after=await place.position(count - 1500))
            assert len(await back.events_until(count)) == 1500

    perform(play(), loop)


def peer(line: Line) -> object:
    return line.writer.get_extra_info("sockname")


@LOOPS
def test_who_takes_too_long_over_what_was_missed_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loop: str
) -> None:
    monkeypatch.setattr("tertulia.live.relay.connection.PATIENCE_SECONDS", 0.2)

    async def play() -> None:
        async with stage(tmp_path) as place:
            await fill(place, 4900, "x" * 1900)
            line = await place.line(limit=1024)
            line.send(get("one", await place.position(0)))
            assert (await line.answer()).status == 200
            line.writer.transport.pause_reading()  # type: ignore[attr-defined]
            [its] = place.relay.connections
            worst = 0
            async with asyncio.timeout(20):
                while place.relay.connections:
                    worst = max(worst, its.get_write_buffer_size())
                    await asyncio.sleep(0.01)
            assert 0 < worst < SLOW_BYTES * 8
            assert (await place.relay.room("one")).listeners == set()

    perform(play(), loop)


def test_who_leaves_while_history_is_read_leaves_no_trace(tmp_path: Path) -> None:
    async def play() -> None:
        store = SqliteLog(tmp_path / "other.sqlite3")
        async with stage(tmp_path, store) as place:
            await fill(place, 3)
            await forget_ring(place)
            loop, begun, go_on = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
            read = store.read

            def wait(room: str, after: int, limit: int) -> list[tuple[int, bytes]]:
                loop.call_soon_threadsafe(begun.set)
                asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()
                return read(room, after, limit)

            store.read = wait  # type: ignore[method-assign]
            line = await place.stream(after=await place.position(0))
            await begun.wait()
            line.writer.transport.abort()
            async with asyncio.timeout(10):
                while place.relay.connections:  # noqa: ASYNC110 - connections ring no bell
                    await asyncio.sleep(0)
            go_on.set()
            assert await place.relay.say(draft("number 4")) == 4
            await asyncio.sleep(0)
            assert (await place.relay.room("one")).listeners == set()
            assert (await place.relay.room("one"))._pending == []

    perform(play())


def test_silence_is_broken_by_a_heartbeat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "HEARTBEAT_SECONDS", 0.05)

    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.listener()
            assert [await line.event(), await line.event()] == [Event("beat", "", "")] * 2

    perform(play())


def test_a_room_ends_with_its_key(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            line, other = await place.listener("one"), await place.listener("two")
            await place.say("canary")
            place.keys.destroy(key_name("one"))
            with pytest.raises(NoSuchRoom):
                await place.relay.room("one")
            assert [event.kind for event in [e async for e in upto(line, "reset")]] == ["message"]
            assert await line.event() is None
            with pytest.raises(NoSuchRoom):
                await place.relay.say(draft("too late"))
            assert list(place.relay._rooms) == ["two"]
            assert await place.say("still here", room="two") == 1
            assert (await other.events_until(1))[0].text == "still here"

    perform(play())


def test_a_room_nobody_asks_for_ends_with_the_next_heartbeat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "HEARTBEAT_SECONDS", 0.05)

    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.listener()
            place.keys.destroy(key_name("one"))
            async for event in upto(line, "reset"):
                assert event.kind == "beat"
            assert await line.event() is None
            assert place.relay._rooms == {}

    perform(play())


def test_who_was_catching_up_when_the_room_ended_does_not_wait_for_nothing(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            await fill(place, 2)
            room = await place.relay.room("one")
            place.relay._end("one")
            _, writer = await asyncio.open_connection("127.0.0.1", place.port)

            async def drained() -> None:
                """Nothing was written that could wait."""

            assert not await place.relay.listen(room, writer.transport, None, drained)  # type: ignore[arg-type]
            assert room.listeners == set()
            writer.close()

    perform(play())


def test_a_relay_does_not_start_on_a_log_that_contradicts_itself(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            await fill(place, 3)
        log = SqliteLog(tmp_path / "rooms.sqlite3")
        log._connection().execute("DELETE FROM entry WHERE sequence = 2")
        log.close()
        relay = Relay(f"sqlite:///{tmp_path / 'rooms.sqlite3'}", place.keys, bytes(32))
        with pytest.raises(Damaged):
            relay.start()
        await relay.stop()

    perform(play())


@LOOPS
def test_stopping_answers_what_is_under_way_and_ends_the_streams(tmp_path: Path, loop: str) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.listener()
            posts = [asyncio.create_task(place.relay.say(draft("last"))) for _ in range(5)]
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            await place.relay.stop()
            answers = await asyncio.gather(*posts, return_exceptions=True)
            stored = [answer for answer in answers if isinstance(answer, int)]
            assert {type(answer) for answer in answers} <= {int, NotStored}
            assert len(await line.events_until(99)) == len(stored)
            log = SqliteLog(tmp_path / "rooms.sqlite3")
            assert [sequence for sequence, _ in log.read("one", 0, 99)] == stored
            log.close()
            with pytest.raises(NotStored):
                await place.relay.say(draft("too late"))

    perform(play(), loop)


def test_a_room_takes_only_what_follows() -> None:
    async def play() -> None:
        from tertulia.live.relay.entries import Entry

        room = Room("one", "e1", 4)
        with pytest.raises(ValueError, match=r"^entry 6 does not follow 4$"):
            room.publish([Entry(6, b"{}")])
        room.publish([Entry(5, b"{}")])
        assert room.last == 5
        assert room.since(4) == (b"id: e1-5\ndata: {}\n\n", 5)
        assert room.since(3) is None
        assert room.since(5) == (b"", 5)

    perform(play())


def test_a_log_head_says_where_a_room_goes_on(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            await fill(place, 2)
            head = place.relay._store.head("one")
            assert head == Head((await place.relay.room("one")).epoch, 2)

    perform(play())


def test_a_room_that_many_ask_for_at_once_is_opened_once(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            rooms = await asyncio.gather(*(place.relay.room("one") for _ in range(10)))
            assert {id(room) for room in rooms} == {id(place.relay._rooms["one"])}
            assert not place.relay._opening

    perform(play())


def test_a_relay_that_is_closing_opens_no_stream(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.line()
            place.relay.closing = True
            line.send(get())
            assert (await line.answer()).status == 503
            place.relay.closing = False

    perform(play())


def test_a_stopping_relay_does_not_wait_for_who_does_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "FAREWELL_SECONDS", 0.1)

    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.stream()
            line.writer.transport.pause_reading()  # type: ignore[attr-defined]
            [its] = place.relay.connections
            while its.get_write_buffer_size() < 1000:
                its.write(bytes(100_000))
            await place.relay.stop()
            assert place.relay.connections == set() or its.is_closing()

    perform(play())


def test_a_ticket_that_ends_does_not_wait_for_who_does_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickets, "MINUTES", 1 / 60)

    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.stream()
            line.writer.transport.pause_reading()  # type: ignore[attr-defined]
            [its] = place.relay.connections
            while its.get_write_buffer_size() < 1000:
                its.write(bytes(100_000))
            async with asyncio.timeout(5):
                while place.relay.connections:  # noqa: ASYNC110 - connections ring no bell
                    await asyncio.sleep(0.01)

    perform(play())
