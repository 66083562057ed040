"""Pages as the server sends them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tertulia.live.relay.takeover import HANG_UP
from tertulia.project import outgoing
from tertulia.project.asgi import THREADS, application
from tertulia.project.body import Receive
from tertulia.project.outgoing import READERS, Outgoing

pytestmark = pytest.mark.django_db(transaction=True)
HEADERS = [
    (b"host", b"127.0.0.1"),
    (b"content-type", b"application/x-www-form-urlencoded"),
    (b"content-length", b"100"),
    # With it, the check against forgery reads the form.
    (b"cookie", b"c=" + b"x" * 32),
]


async def nothing() -> dict[str, Any]:
    """No body."""
    return {"type": "http.request", "body": b"", "more_body": False}


def scope_of(path: str, method: str = "GET") -> dict[str, Any]:
    """A request as the server hands it over."""
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": HEADERS,
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 1),
    }


async def answer(receive: Receive, path: str = "/events/", method: str = "GET") -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(dict(message))

    await application(scope_of(path, method), receive, send)
    return sent


def messages_for(path: str) -> list[dict[str, Any]]:
    """What the application sends for a request."""
    return asyncio.run(answer(nothing, path))


@pytest.mark.parametrize("path", ["/events/", "/nowhere/", "/favicon.ico"])
def test_the_last_bytes_say_that_they_are_the_last(path: str) -> None:
    head, *bodies = messages_for(path)
    length = int(dict(head["headers"])[b"content-length"])
    assert [(len(body["body"]), body.get("more_body", False)) for body in bodies] == [(length, False)]


def test_a_long_file_leaves_piece_by_piece_with_its_end() -> None:
    head, *bodies = messages_for("/static/wagtailadmin/js/wagtailadmin.js")
    assert int(dict(head["headers"])[b"content-length"]) == sum(len(body["body"]) for body in bodies)
    assert [body.get("more_body", False) for body in bodies] == [True] * (len(bodies) - 1) + [False]
    assert bodies[-1]["body"] != b""
    assert len(bodies) > 2


def test_a_stream_that_comes_too_early_is_told_to_come_again_on_another_line() -> None:
    head, *_ = messages_for("/stream/one")
    assert (head["status"], dict(head["headers"])[b"connection"]) == (503, b"close")


async def never() -> dict[str, Any]:
    """The rest of a body that does not come."""
    await asyncio.Event().wait()
    raise AssertionError


def posted(*pieces: bytes) -> Receive:
    """A form that comes in these pieces, and no further."""
    waiting = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else await never()

    return receive


def test_more_slow_bodies_than_there_are_threads_keep_no_page_waiting() -> None:
    async def meanwhile() -> list[dict[str, Any]]:
        slow = [asyncio.create_task(answer(posted(b"x"), method="POST")) for _ in range(THREADS + 1)]
        await asyncio.sleep(0)
        async with asyncio.timeout(30):
            page = await answer(nothing)
        for task in slow:
            task.cancel()
        ends = await asyncio.gather(*slow, return_exceptions=True)
        assert [type(end) for end in ends] == [asyncio.CancelledError] * (THREADS + 1)
        return page

    assert asyncio.run(meanwhile())[0]["status"] == 200


LARGE = "/static/wagtailadmin/js/core.js"


class Stalled:
    """A reader who takes the head of an answer and nothing more, until it is hung up on."""

    def __init__(self) -> None:
        self.has_begun = asyncio.Event()
        self.was_dropped = asyncio.Event()

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.body":
            self.has_begun.set()
            await self.was_dropped.wait()

    async def read(self) -> None:
        scope = scope_of(LARGE) | {"extensions": {HANG_UP: {"call": self.was_dropped.set}}}
        await application(scope, nothing, self.send)


def test_more_readers_who_take_nothing_than_there_are_threads_keep_no_page_waiting() -> None:
    async def meanwhile() -> list[dict[str, Any]]:
        readers = [Stalled() for _ in range(THREADS + 1)]
        tasks = [asyncio.create_task(reader.read()) for reader in readers]
        async with asyncio.timeout(30):
            await asyncio.gather(*(reader.has_begun.wait() for reader in readers))
            page = await answer(nothing)
        assert not any(reader.was_dropped.is_set() for reader in readers)
        for reader in readers:
            reader.was_dropped.set()
        await asyncio.gather(*tasks)
        return page

    assert asyncio.run(meanwhile())[0]["status"] == 200
    assert READERS.waiting == 0


def test_what_waits_for_readers_is_bounded_and_who_took_nothing_for_longest_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outgoing, "MOST_WAITING", 1_000_000)

    async def meanwhile() -> tuple[list[bool], int]:
        readers, tasks = [Stalled() for _ in range(3)], []
        async with asyncio.timeout(30):
            for earlier, reader in enumerate(readers):
                tasks.append(asyncio.create_task(reader.read()))
                await asyncio.gather(reader.has_begun.wait(), *(one.was_dropped.wait() for one in readers[:earlier]))
                while READERS.waiting < 600_000:  # noqa: ASYNC110 - what waits rings no bell
                    await asyncio.sleep(0)
            sent = await answer(nothing, LARGE)
            dropped = [reader.was_dropped.is_set() for reader in readers]
            assert READERS.waiting <= 1_000_000
            readers[-1].was_dropped.set()
            await asyncio.gather(*tasks)
        return dropped, sum(len(message.get("body", b"")) for message in sent)

    dropped, length = asyncio.run(meanwhile())
    assert dropped == [True, True, False]
    assert length > 600_000
    assert READERS.waiting == 0


def test_whoever_goes_away_before_the_end_of_the_body_is_sent_nothing() -> None:
    async def gone() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    assert asyncio.run(answer(gone, method="POST")) == []


class Stumbling:
    """A line that breaks after the head and a piece of an answer."""

    def __init__(self) -> None:
        self.waited = 0

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.body":
            self.waited = READERS.waiting
            raise ConnectionResetError


def test_what_was_said_is_let_go_of_when_it_cannot_be_sent() -> None:
    line = Stumbling()
    with pytest.raises(ConnectionResetError):
        asyncio.run(application(scope_of(LARGE), nothing, line.send))
    assert (line.waited > 0, READERS.waiting) == (True, 0)


def test_of_an_answer_that_was_let_go_of_midway_nothing_more_is_held_or_sent() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def midway() -> int:
        answer = Outgoing(scope_of(LARGE), send)
        piece = {"type": "http.response.body", "body": b"x" * 1000, "more_body": True}
        await answer.say({"type": "http.response.start", "status": 200, "headers": []})
        await answer.say(piece)
        answer.drop()
        await answer.say(piece)
        held = READERS.waiting
        async with asyncio.timeout(30):
            await answer.say(piece | {"more_body": False})
            await answer.deliver()
        return held

    assert (asyncio.run(midway()), READERS.waiting, sent) == (0, 0, [])
