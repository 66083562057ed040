"""Pages and streams on one port: every request reaches the one that it is for, however the bytes arrive."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from tertulia.kit.sealing import KeyStore
from tertulia.live.relay.boxes import key_name
from tertulia.live.relay.relay import Relay
from tertulia.live.relay.store.sqlite import SqliteLog
from tertulia.live.relay.takeover import shared_protocol
from tests.live.relay.stage import ROOMS, TICKET_KEY, Response, Stage, get, perform, post

pytestmark = [pytest.mark.network, pytest.mark.parser]

PAGE = b"GET /page HTTP/1.1\r\nHost: here\r\n\r\n"
GRACE_SECONDS = 2
# More than the kernel takes for a reader who takes nothing.
HUGE = 30_000_000
LOOPS = pytest.mark.parametrize("loop", ["asyncio", "uvloop"])


class Pages:
    """An application of one page; /slow waits for a sign, /body counts what was sent, /large is large."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.asked = asyncio.Event()

    async def __call__(
        self, scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        path, body = scope["path"], b"page"
        if path == "/slow":
            self.asked.set()
            await self.go_on.wait()
        if path == "/body":
            body = b"%d" % len((await receive())["body"])
        if path == "/large":
            body = bytes(1_000_000)
        is_stray = path.startswith("/stream/")
        length = 0 if is_stray else HUGE if path == "/huge" else len(body)
        headers = [(b"content-length", b"%d" % length)]
        headers += [(b"connection", b"close"), (b"retry-after", b"1")] if is_stray else []
        await send({"type": "http.response.start", "status": 503 if is_stray else 200, "headers": headers})
        if path == "/huge":
            body = bytes(1_000_000)
            for _ in range(HUGE // len(body) - 1):
                await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b"" if is_stray else body})


class House(Stage):
    """A stage whose port is uvicorn's."""

    pages: Pages
    server: uvicorn.Server


@contextlib.asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    """Serve pages and rooms one and two, as `tertulia serve` does."""
    keys = KeyStore(folder / "keys")
    for room in ROOMS:
        keys.make(key_name(room))
    relay = Relay(f"sqlite:///{folder / 'rooms.sqlite3'}", keys, TICKET_KEY)
    relay.start()
    pages = Pages()
    config = uvicorn.Config(
        pages,
        host="127.0.0.1",
        port=0,
        http=shared_protocol(relay),
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    place = House(relay, keys, server.servers[0].sockets[0].getsockname()[1])
    place.pages, place.server = pages, server
    try:
        yield place
    finally:
        await stop(place)
        for line in place.lines:
            await line.close()


async def stop(place: House) -> float:
    """Stop as `tertulia serve` does; how many seconds it took."""
    begun = time.monotonic()
    if not place.relay.closing:
        place.pages.go_on.set()
        await place.server.shutdown()
        await place.relay.stop()
    return time.monotonic() - begun


def page(response: Response) -> bool:
    return (response.status, response.body) == (200, b"page")


@LOOPS
def test_one_kept_line_carries_pages_and_posts_in_turn_and_at_last_a_stream(tmp_path: Path, loop: str) -> None:
    async def play() -> None:
        async with house(tmp_path) as place:
            line = await place.line()
            for turn in range(1, 6):
                line.send(PAGE)
                assert page(await line.answer())
                line.send(post("in turn"))
                assert (await line.answer()).json == {"sequence": turn}
            line.send(b"POST /body HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\nhello")
            assert (await line.answer()).body == b"5"
            line.send(get("one", await place.position(4)))
            assert (await line.answer()).status == 200
            assert [event.id for event in await line.events_until(5)] == [await place.position(5)]

    perform(play(), loop)


@LOOPS
def test_pages_and_posts_may_come_byte_by_byte(tmp_path: Path, loop: str) -> None:
    async def play() -> None:
        async with house(tmp_path) as place:
            line = await place.line()
            for turn in (1, 2):
                await line.send_bytewise(b"\r\n" * 20 + PAGE)
                assert page(await line.answer())
                await line.send_bytewise(b"\r\n" * 20 + post("byte by byte"))
                assert (await line.answer()).json == {"sequence": turn}

    perform(play(), loop)


@LOOPS
def test_pages_may_be_cut_at_any_place(tmp_path: Path, loop: str) -> None:
    async def play() -> None:
        async with house(tmp_path) as place:
            line = await place.line()
            for whole in (PAGE, b"POST /body HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\npage"):
                for cut in range(1, len(whole)):
                    line.send(whole[:cut])
                    await asyncio.sleep(0)
                    await asyncio.sleep(0)
                    line.send(whole[cut:])
                    assert (await line.answer()).status == 200

    perform(play(), loop)


@LOOPS
def test_a_stream_behind_a_pending_page_is_told_to_come_back(tmp_path: Path, loop: str) -> None:
    async def play() -> None:
        async with house(tmp_path) as place:
            line = await place.line()
            line.send(PAGE.replace(b"/page", b"/slow"))
            await place.pages.asked.wait()
            line.send(get())
            [protocol] = place.server.server_state.connections
            async with asyncio.timeout(10):
                while not protocol.pipeline:  # type: ignore[union-attr]  # noqa: ASYNC110 - a pipeline rings no bell
                    await asyncio.sleep(0)
            place.pages.go_on.set()
            assert page(await line.answer())
            told = await line.answer()
            assert (told.status, told.headers["connection"], told.headers["retry-after"]) == (503, "close", "1")
            assert await line.has_closed()
            again = await place.listener()
            assert await place.say("heard") == 1
            assert [event.text for event in await again.events_until(1)] == ["heard"]

    perform(play(), loop)


def test_a_page_and_a_stream_in_one_piece(tmp_path: Path) -> None:
    async def play() -> None:
        async with house(tmp_path) as place:
            line = await place.line()
            line.send(PAGE, PAGE, get())
            assert [page(await line.answer()), page(await line.answer())] == [True, True]
            assert (await line.answer()).status == 503
            assert await line.has_closed()

    perform(play())


def test_posts_and_pages_in_one_piece(tmp_path: Path) -> None:
    async def play() -> None:
        async with house(tmp_path) as place:
            line = await place.line()
            line.send(post("one"), post("two"), PAGE, PAGE)
            assert [(await line.answer()).json["sequence"] for _ in range(2)] == [1, 2]
            assert [page(await line.answer()), page(await line.answer())] == [True, True]

    perform(play())


@LOOPS
def test_a_page_after_a_large_one_that_was_not_read_yet(tmp_path: Path, loop: str) -> None:
    async def play() -> None:
        async with house(tmp_path) as place:
            line = await place.line()
            large = PAGE.replace(b"/page", b"/large")
            line.send(large)
            await line.reader.readuntil(b"\r\n\r\n")
            line.send(post("meanwhile"), large, PAGE)
            await line.reader.readexactly(1_000_000)
            assert (await line.answer()).json == {"sequence": 1}
            assert len((await line.answer()).body) == 1_000_000
            assert page(await line.answer())

    perform(play(), loop)


def test_a_body_that_looks_like_a_stream_is_a_body(tmp_path: Path) -> None:
    async def play() -> None:
        async with house(tmp_path) as place:
            line = await place.line()
            inside = get()
            head = b"POST /body HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n" % len(inside)
            line.send(head)
            await asyncio.sleep(0.01)
            line.send(inside)
            assert (await line.answer()).status == 200
            line.send(b"POST /page HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n" % len(inside))
            assert page(await line.answer())
            line.send(inside, PAGE)
            assert page(await line.answer())

    perform(play())


def test_what_is_no_request_is_refused(tmp_path: Path) -> None:
    async def play() -> None:
        async with house(tmp_path) as place:
            for rubbish in (b"hello there\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET /stream HTTP/9\r\n\r\n", b"A" * 20):
                line = await place.line()
                line.send(rubbish)
                assert (await line.answer()).status == 400
            line = await place.line()
            line.send(b"PROPFIND /stream/one HTTP/1.1\r\nHost: here\r\n\r\n")
            assert (await line.answer()).status == 401

    perform(play())


@LOOPS
def test_stopping_ends_everything_and_loses_nothing_that_was_acknowledged(tmp_path: Path, loop: str) -> None:
    async def play() -> None:
        async with house(tmp_path) as place:
            stream, idle, kept, half, undecided = [await place.line() for _ in range(5)]
            stream.send(get("one", await place.position(0)))
            idle.send(PAGE)
            kept.send(post("before"))
            assert [(await line.answer()).status for line in (stream, idle, kept)] == [200, 200, 200]
            half.send(b"POST /body HTTP/1.1\r\nHost: here\r\nContent-Length: 50\r\n\r\nhalf of it")
            undecided.send(b"GET /str")
            under_way = [await place.line() for _ in range(20)]
            for line in under_way:
                line.send(post("under way"))
            took = asyncio.create_task(stop(place))
            answers = [await line.answer() for line in under_way]
            assert await took < GRACE_SECONDS + 3
            assert {answer.status for answer in answers} <= {0, 200, 503}
            sequences = [answer.json["sequence"] for answer in answers if answer.status == 200]
            log = SqliteLog(tmp_path / "rooms.sqlite3")
            assert {1, *sequences} <= {sequence for sequence, _ in log.read("one", 0, 99)}
            log.close()
            heard = [event.id for event in await stream.events_until(99)]
            assert heard == [await position(place, number) for number in range(1, len(heard) + 1)]
            assert len(heard) >= max([1, *sequences])
            for line in (idle, kept, undecided):
                assert await line.has_closed()

    perform(play(), loop)


async def position(place: House, sequence: int) -> str:
    return f"{place.relay._rooms['one'].epoch}-{sequence}"


def test_an_idle_line_is_let_go_by_whoever_had_it_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tertulia.live.relay.line.PATIENCE_SECONDS", 0.1)

    async def play() -> None:
        async with house(tmp_path) as place:
            place.server.config.timeout_keep_alive = 0
            by_pages, by_relay = await place.line(), await place.line()
            by_relay.send(PAGE, b"")
            assert page(await by_relay.answer())
            by_pages.send(post("first"))
            assert (await by_pages.answer()).status == 200
            by_pages.send(PAGE)
            assert page(await by_pages.answer())
            assert await by_pages.has_closed()
            line = await place.line()
            line.send(post("second"))
            assert (await line.answer()).status == 200
            assert await line.has_closed()
            assert place.relay.connections == set()

    perform(play())
