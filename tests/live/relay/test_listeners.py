"""Listeners that are slow, leave, or stay when their room, their ticket or their relay ends."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tertulia.live.relay import relay as relay_module
from tertulia.live.relay import tickets
from tertulia.live.relay.boxes import key_name
from tertulia.live.relay.relay import Relay
from tertulia.live.relay.room import SLOW_BYTES, Room
from tertulia.live.relay.store.log import Damaged, Head
from tertulia.live.relay.store.sqlite import SqliteLog
from tertulia.live.relay.writer import NoSuchRoom, NotStored
from tests.live.relay.stage import (
    Event,
    Line,
    draft,
    fill,
    forget_ring,
    get,
    perform,
    stage,
    upto,
)

pytestmark = [pytest.mark.network, pytest.mark.parser]

LOOPS = pytest.mark.parametrize("loop", ["asyncio", "uvloop"])


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
    monkeypatch.setattr("tertulia.live.relay.line.PATIENCE_SECONDS", 0.2)

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
    monkeypatch.setattr(tickets, "MINUTES", 3 / 60)

    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.stream()
            line.writer.transport.pause_reading()  # type: ignore[attr-defined]
            [its] = place.relay.connections
            while its.get_write_buffer_size() < 1000:
                its.write(bytes(100_000))
            async with asyncio.timeout(20):
                while place.relay.connections:  # noqa: ASYNC110 - connections ring no bell
                    await asyncio.sleep(0.01)

    perform(play())
