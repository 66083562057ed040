"""Who is waited for on the shared port, and for how long: heads that do not end, readers who take nothing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tertulia.live.relay.takeover import HEAD_BYTES
from tests.live.relay.stage import get, perform, post
from tests.live.relay.test_takeover import HUGE, LOOPS, PAGE, House, house, page

pytestmark = [pytest.mark.network, pytest.mark.parser]


@LOOPS
@pytest.mark.parametrize(
    "begun", [b"", b"\r\n", b"GET /pa", PAGE[:-2], b"GET /stream", get()[:-2]], ids=lambda begun: repr(begun[:12])
)
@pytest.mark.parametrize(
    "before", [bytes, lambda: PAGE, lambda: post("before")], ids=["first", "after-a-page", "after-a-post"]
)
def test_a_head_that_does_not_end_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loop: str, before: Callable[[], bytes], begun: bytes
) -> None:
    monkeypatch.setattr("tertulia.live.relay.takeover.HEAD_SECONDS", 0.1)
    monkeypatch.setattr("tertulia.live.relay.line.PATIENCE_SECONDS", 0.1)

    async def play() -> None:
        async with house(tmp_path) as place:
            place.server.config.timeout_keep_alive = 1
            line = await place.line()
            if earlier := before():
                line.send(earlier)
                assert (await line.answer()).status == 200
            line.send(begun)
            assert await line.has_closed()

    perform(play(), loop)


@LOOPS
def test_a_head_that_has_ended_leaves_all_the_time_to_what_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loop: str
) -> None:
    monkeypatch.setattr("tertulia.live.relay.takeover.HEAD_SECONDS", 0.5)

    async def play() -> None:
        async with house(tmp_path) as place:
            page_asked = await place.line()
            page_asked.send(PAGE.replace(b"/page", b"/slow"))
            listener, body_asked = await place.listener(), await place.line()
            body_asked.send(b"POST /body HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\n")
            idle = await place.line()
            assert await idle.has_closed()
            place.pages.go_on.set()
            body_asked.send(b"hello")
            assert page(await page_asked.answer())
            assert (await body_asked.answer()).body == b"5"
            assert await place.say("heard") == 1
            assert [event.text for event in await listener.events_until(1)] == ["heard"]

    perform(play(), loop)


@LOOPS
@pytest.mark.parametrize("before", [b"", PAGE], ids=["first", "after-a-page"])
def test_a_head_without_end_is_not_gathered(tmp_path: Path, loop: str, before: bytes) -> None:
    async def play() -> None:
        async with house(tmp_path) as place:
            line = await place.line()
            if before:
                line.send(before)
                assert page(await line.answer())
            line.send(PAGE[:-2], b"Cookie: ", b"x" * 20 * HEAD_BYTES)
            assert (await line.answer()).status == 400
            assert await line.has_closed()
            long = await place.line()
            long.send(PAGE[:-2], b"Cookie: ", b"x" * (HEAD_BYTES - 100), b"\r\n\r\n")
            assert page(await long.answer())
            long.send(b"POST /body HTTP/1.1\r\nHost: here\r\nContent-Length: 50000\r\n\r\n", b"x" * 50_000)
            assert (await long.answer()).status == 200

    perform(play(), loop)


async def narrow(place: House, asked: bytes) -> socket.socket:
    """A line on which this was asked, with little room for answers."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    line.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(line, ("127.0.0.1", place.port))
    await loop.sock_sendall(line, asked)
    return line


@LOOPS
@pytest.mark.parametrize("room", [65_536, 2 * HUGE], ids=["said-bit-by-bit", "said-at-once"])
@pytest.mark.parametrize("more", [b"", b"Connection: close\r\n"], ids=["kept", "to-be-closed"])
def test_a_reader_who_takes_nothing_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loop: str, more: bytes, room: int
) -> None:
    monkeypatch.setattr("tertulia.live.relay.takeover.TAKE_SECONDS", 0.1)

    async def play() -> None:
        async with house(tmp_path) as place:
            with await narrow(place, b"GET /huge HTTP/1.1\r\nHost: here\r\n" + more) as line:
                lines = place.server.server_state.connections
                async with asyncio.timeout(5):
                    while not lines:  # noqa: ASYNC110 - they ring no bell
                        await asyncio.sleep(0)
                    next(iter(lines)).transport.set_write_buffer_limits(high=room)
                    await asyncio.get_running_loop().sock_sendall(line, b"\r\n")
                    while lines:  # noqa: ASYNC110
                        await asyncio.sleep(0.01)

    perform(play(), loop)


@LOOPS
def test_a_reader_who_takes_little_by_little_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loop: str
) -> None:
    monkeypatch.setattr("tertulia.live.relay.takeover.TAKE_SECONDS", 0.2)

    async def play() -> None:
        async with house(tmp_path) as place:
            with await narrow(place, PAGE.replace(b"/page", b"/huge")) as line:
                running, taken = asyncio.get_running_loop(), 0
                until = running.time() + 2
                while running.time() < until:
                    taken += len(await running.sock_recv(line, 65_536))
                    await asyncio.sleep(0.05)
                while taken < HUGE and (piece := await running.sock_recv(line, 2**20)):
                    taken += len(piece)
                assert taken > HUGE

    perform(play(), loop)


@LOOPS
def test_a_line_that_carries_a_stream_by_now_is_not_watched_as_one_that_carries_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loop: str
) -> None:
    monkeypatch.setattr("tertulia.live.relay.takeover.TAKE_SECONDS", 0.3)
    monkeypatch.setattr("tertulia.live.relay.takeover.HEAD_SECONDS", 1.0)

    async def play() -> None:
        async with house(tmp_path) as place:
            with await narrow(place, b"GET /huge HTTP/1.1\r\nHost: here\r\n") as line:
                running, lines, taken = asyncio.get_running_loop(), place.server.server_state.connections, b""
                async with asyncio.timeout(20):
                    while not lines:  # noqa: ASYNC110 - they ring no bell
                        await asyncio.sleep(0)
                    next(iter(lines)).transport.set_write_buffer_limits(high=2 * HUGE)
                    await running.sock_sendall(line, b"\r\n")
                    # All is said when its first byte is here, and most of it waits: the reader is watched.
                    assert await running.sock_recv(line, 1) == b"H"
                    await running.sock_sendall(line, get())
                    while not place.relay.connections:  # noqa: ASYNC110
                        await asyncio.sleep(0)
                    # Given up when the reader would have been looked at twice: at first the kernel still takes some.
                    assert await (await place.line()).has_closed()
                    while b"event: present\n" not in taken[-100:] or not taken.endswith(b"}\n\n"):
                        piece = await running.sock_recv(line, 2**20)
                        assert piece, "the reader was dropped"
                        taken = taken[-100:] + piece

    perform(play(), loop)
