"""Lines that never finish what they begin, and lines that say nothing, while people go on talking."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from tertulia.live.relay.tickets import COOKIE
from tests.faults.crowd import Crowd
from tests.live.relay.stage import Stage, get, new_id, perform, post, ticket
from tests.live.relay.test_takeover import House, house

pytestmark = [pytest.mark.network, pytest.mark.parser]

PEOPLE = 50
HALF_OPEN = 500
IDLE = int(os.environ.get("TERTULIA_IDLE", "5000"))
# Seconds that the house waits for a head here; it is 20 elsewhere, and the bad ones are to be seen until their end.
PATIENCE = 4.0
SLOWEST = 2000.0
HEADS = (b"GET /stream/one HTTP/1.1\r\nHost: here\r\n", b"GET /page HTTP/1.1\r\nHost: here\r\n")
# Both ends of each line are files of this process.
FILES = 2 * (IDLE + PEOPLE) + 500


@pytest.fixture
def many_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FILES:
        pytest.skip(f"{FILES} open files are needed, and this machine allows {hard}: ulimit -n {FILES}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, FILES), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tertulia.live.relay.takeover.HEAD_SECONDS", PATIENCE)
    monkeypatch.setattr("tertulia.live.relay.line.PATIENCE_SECONDS", PATIENCE)


class Bad:
    """Lines that were opened to do harm; each is over when the house hangs up."""

    def __init__(self) -> None:
        self.writers: list[asyncio.StreamWriter] = []
        self._over: list[asyncio.Task[None]] = []

    async def open(self, place: Stage, number: int, begun: tuple[bytes, ...] = (b"",)) -> None:
        for which in range(number):
            reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
            writer.write(begun[which % len(begun)])
            self.writers.append(writer)
            self._over.append(asyncio.create_task(_end(reader)))

    async def trickle(self) -> None:
        """One more byte of a header that never ends, on all lines, again and again."""
        while self.left():
            for writer in self.writers:
                if not writer.is_closing():
                    writer.write(b"x")
            await asyncio.sleep(0.2)

    def left(self) -> int:
        return sum(not over.done() for over in self._over)

    async def close(self) -> None:
        for writer in self.writers:
            writer.close()
        await asyncio.gather(*self._over)


async def _end(reader: asyncio.StreamReader) -> None:
    with contextlib.suppress(OSError):
        await reader.read()


async def talk_until_they_are_gone(place: House, harm: Callable[[Bad], Awaitable[None]]) -> tuple[Crowd, int]:
    """What the crowd said meanwhile, and how many bad lines there were when it began."""
    crowd, bad = Crowd(place, PEOPLE), Bad()
    await crowd.sit_down()
    opening = asyncio.create_task(harm(bad))
    try:
        async with asyncio.timeout(60):
            while not opening.done() or bad.left():
                await crowd.say()
        await opening
    finally:
        opening.cancel()
        await bad.close()
    return crowd, len(bad.writers)


def told(capfd: pytest.CaptureFixture[str], what: str, crowd: Crowd) -> None:
    with capfd.disabled():
        print(f"\n{what}: {len(crowd.said)} messages, each heard by {PEOPLE}, p99 {crowd.p99():.0f} ms")


def test_half_open_heads_that_trickle_keep_nobody_from_talking(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async def play() -> None:
        async with house(tmp_path) as place:

            async def harm(bad: Bad) -> None:
                await bad.open(place, HALF_OPEN, tuple(head + b"X: " for head in HEADS))
                await bad.trickle()

            crowd, number = await talk_until_they_are_gone(place, harm)
            told(capfd, f"{number} half-open heads", crowd)
            assert (number, await kept(place)) == (HALF_OPEN, crowd.said)
            assert crowd.p99() < SLOWEST

    perform(play(), "uvloop")


def test_idle_lines_keep_nobody_from_talking(
    tmp_path: Path, many_files: None, capfd: pytest.CaptureFixture[str]
) -> None:
    async def play() -> None:
        async with house(tmp_path) as place:
            crowd, number = await talk_until_they_are_gone(place, lambda bad: bad.open(place, IDLE))
            told(capfd, f"{number} idle lines", crowd)
            assert (number, await kept(place)) == (IDLE, crowd.said)
            assert crowd.p99() < SLOWEST

    perform(play(), "uvloop")


async def kept(place: Stage) -> list[str]:
    """What the log holds."""
    rows = await asyncio.to_thread(place.relay._store.read, "one", 0, 100_000)
    return [json.loads(place.relay.boxes.open("one", *row).body)["text"] for row in rows]


def spoilt() -> str:
    whole = ticket()
    return whole[:40] + ("A" if whole[40] != "A" else "E") + whole[41:]


def asked(body: bytes, cookie: str = "") -> bytes:
    lines = ["POST /stream/one HTTP/1.1", "Host: here", "Content-Type: application/json"]
    lines += [f"Content-Length: {len(body)}", f"Cookie: {COOKIE}={cookie or ticket()}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def stale() -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tertulia.live.relay.tickets.MINUTES", 0)
        return ticket()


ONE = b'{"id": "12345678", "text": "x"}'
# What is sent, what is answered, and what the answer says.
CLEAR = {
    "a text that is too long": (lambda: post("x" * 2001), 422, "the message is longer than 2000 characters"),
    "a body that is too long": (lambda: asked(b"x" * 16_385), 413, "a message has at most 16384 bytes"),
    "no JSON": (lambda: asked(b"{"), 422, "the body is not JSON"),
    "JSON without end": (lambda: asked(b"[" * 16_000), 422, "the body is not JSON"),
    "no object": (lambda: asked(b"[]"), 422, "a message is a JSON object with id and text"),
    "no id": (lambda: asked(b'{"text": "x"}'), 422, "id is 8 to 64 letters, digits, _ or -"),
    "no text": (lambda: asked(b'{"id": "12345678"}'), 422, "text is missing"),
    "nothing to be seen": (lambda: post("\u202e\u0007 "), 422, "the message is empty"),
    "an answer to the future": (
        lambda: asked(b'{"id": "12345678", "text": "x", "reply": 1000000000001}'),
        422,
        "reply is the number of a message",
    ),
    "a change to what will be": (
        lambda: asked(b'{"id": "12345678", "text": "x", "edit": 99}'),
        404,
        "there is no such message of yours",
    ),
    "a forged ticket": (lambda: asked(ONE, ticket(key=bytes(32))), 401, "the page has to be opened first"),
    "a spoilt ticket": (lambda: asked(ONE, spoilt()), 401, "the page has to be opened first"),
    "a stale ticket": (lambda: asked(ONE, stale()), 401, "the page has to be opened first"),
    "the ticket of another room": (lambda: asked(ONE, ticket("two")), 401, "the page has to be opened first"),
    "a ticket to listen": (lambda: asked(ONE, ticket(may_speak=False)), 403, "come in to write here"),
    "a stream by a stale ticket": (lambda: get(cookie=stale()), 401, "the page has to be opened first"),
}


@pytest.mark.parametrize("name", CLEAR)
def test_what_is_wrong_is_answered_clearly_and_leaves_no_trace(tmp_path: Path, name: str) -> None:
    made, status, detail = CLEAR[name]

    async def play() -> None:
        async with house(tmp_path) as place:
            line = await place.line()
            line.send(made())
            response = await line.answer()
            assert (response.status, response.json["detail"]) == (status, detail)
            assert await kept(place) == []
            assert await place.say("the first") == 1

    perform(play())


def test_a_replayed_post_stands_once_and_a_date_of_ones_own_is_not_taken(tmp_path: Path) -> None:
    async def play() -> None:
        async with house(tmp_path) as place:
            body = b'{"id": "%s", "text": "x", "at": "2999-01-01T00:00Z"}' % new_id().encode()
            for _ in range(3):
                line = await place.line()
                line.send(asked(body))
                assert (await line.answer()).json == {"sequence": 1}
            assert await kept(place) == ["x"]
            rows = await asyncio.to_thread(place.relay._store.read, "one", 0, 10)
            assert b"2999" not in place.relay.boxes.open("one", *rows[0]).body

    perform(play())
