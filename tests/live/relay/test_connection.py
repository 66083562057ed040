"""What a client may send, in whatever pieces, and what it gets for anything else."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import struct
from pathlib import Path

import pytest

from tertulia.kit.sealing import seal
from tertulia.live.relay import line, tickets
from tertulia.live.relay.boxes import key_name
from tertulia.live.relay.connection import is_for_relay
from tertulia.live.relay.store.log import Kept, Sealed
from tertulia.live.relay.store.sqlite import SqliteLog
from tests.live.relay.stage import TICKET_KEY, Event, Response, get, new_id, perform, post, stage, ticket

pytestmark = [pytest.mark.network, pytest.mark.parser]

LOOPS = pytest.mark.parametrize("loop", ["asyncio", "uvloop"])


@LOOPS
def test_a_post_may_come_in_any_two_pieces(tmp_path: Path, loop: str) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.line()
            whole = post("split", author="a1")
            for cut in range(1, len(whole)):
                place.relay.flood._buckets.clear()
                line.send(whole[:cut])
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                line.send(whole[cut:])
                assert (await line.answer()).json == {"sequence": 1}, cut

    perform(play(), loop)


@LOOPS
def test_posts_and_a_stream_may_come_byte_by_byte(tmp_path: Path, loop: str) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.line()
            await line.send_bytewise(b"\r\n" * 40 + post("one"))
            assert (await line.answer()).json == {"sequence": 1}
            await line.send_bytewise(post("two"))
            assert (await line.answer()).json == {"sequence": 2}
            await line.send_bytewise(get("one", await place.position(0)))
            assert (await line.answer()).status == 200
            assert [event.text for event in await line.events_until(2)] == ["one", "two"]

    perform(play(), loop)


@LOOPS
def test_pipelined_posts_are_answered_in_order(tmp_path: Path, loop: str) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.line()
            line.send(*[post(f"number {number}") for number in range(1, 31)], get("one", await place.position(28)))
            assert [(await line.answer()).json["sequence"] for _ in range(30)] == list(range(1, 31))
            assert (await line.answer()).status == 200
            assert [event.text for event in await line.events_until(30)] == ["number 29", "number 30"]

    perform(play(), loop)


def test_who_pipelines_without_end_is_cut(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.line()
            line.send(post("x" * 1900) * 400)
            answers = [await line.answer() for _ in range(2)]
            while answers[-1].status:
                answers.append(await line.answer())
            assert len(answers) < 400

    perform(play())


def test_a_large_post_is_asked_for_before_it_is_sent(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.line()
            head, _, body = post("expected", "", "Expect: 100-continue").partition(b"\r\n\r\n")
            line.send(head, b"\r\n\r\n")
            assert (await line.answer()).status == 100
            line.send(body)
            assert (await line.answer()).json == {"sequence": 1}

    perform(play())


@pytest.mark.parametrize("how", ["an old client", "a client that asks for it"])
def test_the_line_is_closed_after_the_answer_for(tmp_path: Path, how: str) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.line()
            whole = post("once", "", "Connection: close") if how != "an old client" else post("once")
            line.send(whole.replace(b"HTTP/1.1", b"HTTP/1.0") if how == "an old client" else whole, post("not read"))
            response = await line.answer()
            assert (response.status, response.headers["connection"]) == (200, "close")
            assert await line.has_closed()
            assert (await place.relay.room("one")).last == 1

    perform(play())


@LOOPS
@pytest.mark.parametrize("half", [b"", b"PO", b"POST /stream/one HTTP/1.1\r\nHost: he", post("half")[:-3]])
def test_who_says_half_a_request_and_no_more_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, half: bytes, loop: str
) -> None:
    monkeypatch.setattr(line, "PATIENCE_SECONDS", 0.1)

    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.line()
            line.send(post("whole"))
            assert (await line.answer()).status == 200
            line.send(half)
            assert await line.has_closed()
            assert place.relay.connections == set()

    perform(play(), loop)


@LOOPS
def test_a_client_that_has_said_all_still_gets_its_answer(tmp_path: Path, loop: str) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.line()
            line.send(post("first"), post("last words"))
            line.writer.write_eof()
            assert [(await line.answer()).json["sequence"] for _ in range(2)] == [1, 2]
            assert await line.has_closed()

    perform(play(), loop)


def test_who_hangs_up_after_half_a_request_leaves_nothing(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.line()
            line.send(post("half")[:-3])
            line.writer.write_eof()
            assert (await line.answer()).status == 0
            assert (await place.relay.room("one")).last == 0

    perform(play())


@LOOPS
def test_a_refused_client_that_never_hangs_up_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loop: str
) -> None:
    monkeypatch.setattr(line, "LINGER_SECONDS", 0.1)

    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.line()
            line.send(get("three"))
            assert (await line.answer()).status == 404
            async with asyncio.timeout(10):
                while place.relay.connections:
                    line.send(b"and another thing")
                    await asyncio.sleep(0.01)

    perform(play(), loop)


class Slow(SqliteLog):
    """A store whose commits wait for a sign."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.loop = asyncio.get_running_loop()
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()

    def append(self, drafts: list[Sealed]) -> list[Kept]:  # type: ignore[override]
        self.loop.call_soon_threadsafe(self.begun.set)
        asyncio.run_coroutine_threadsafe(self.go_on.wait(), self.loop).result()
        return super().append(drafts)


@LOOPS
def test_a_line_that_breaks_during_a_post_costs_nothing(tmp_path: Path, loop: str) -> None:
    async def play() -> None:
        store = Slow(tmp_path / "slow.sqlite3")
        async with stage(tmp_path, store) as place:
            listener = await place.listener()
            line, name = await place.line(), new_id()
            line.send(post("broken off", name, author="a1"))
            await store.begun.wait()
            raw = line.writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.writer.transport.abort()
            store.go_on.set()
            assert (await listener.events_until(1))[0].text == "broken off"
            again = await place.line()
            again.send(post("broken off", name, author="a1"))
            assert (await again.answer()).json == {"sequence": 1}
            assert await place.say("the next") == 2
            assert [event.text for event in await listener.events_until(2)] == ["the next"]

    perform(play(), loop)


def test_a_second_try_is_told_the_same_and_not_heard_again(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            listener, line, name = await place.listener(), await place.line(), new_id()
            line.send(post("twice", name, author="a1"), post("twice", name, author="a1"))
            assert [(await line.answer()).json for _ in range(2)] == [{"sequence": 1}] * 2
            assert await place.say("twice", name, author="a1") == 1
            assert await place.say("the next") == 2
            assert [event.text for event in await listener.events_until(2)] == ["twice", "the next"]

    perform(play())


def test_who_says_too_much_in_one_breath_waits_and_the_line_goes_on(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.line()
            line.send(*[post(f"{number}", author="a1") for number in range(13)])
            answers = [await line.answer() for _ in range(13)]
            assert [answer.status for answer in answers] == [200] * 12 + [429]
            assert answers[-1].headers["retry-after"] == "1"
            line.send(post("somebody else", author="a2"))
            assert (await line.answer()).json == {"sequence": 13}

    perform(play())


@pytest.mark.parametrize(
    "headers",
    [[], ["Origin: http://here"], ["Origin: https://here", "Sec-Fetch-Site: same-origin"], ["Sec-Fetch-Site: none"]],
)
def test_the_page_itself_is_let_in(tmp_path: Path, headers: list[str]) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.line()
            line.send(get("one", "", *headers))
            response = await line.answer()
            assert (response.status, response.headers["content-type"]) == (200, "text/event-stream")
            assert await line.event() == Event("present", "", "")

    perform(play())


def test_the_right_one_of_several_tickets_is_found(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.line()
            cookie = f"{ticket('two')}; s=other; t=; t={ticket('one')}"
            line.send(get("one", "", "Cookie: c=x", cookie=cookie))
            assert (await line.answer()).status == 200

    perform(play())


@LOOPS
def test_a_stream_ends_with_its_ticket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loop: str) -> None:
    monkeypatch.setattr(tickets, "MINUTES", 3 / 60)

    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.line()
            line.send(get())
            assert (await line.answer()).status == 200
            async with asyncio.timeout(20):
                while await line.event():
                    pass
            assert (await place.relay.room("one")).listeners == set()

    perform(play(), loop)


def test_an_expired_ticket_opens_nothing(tmp_path: Path) -> None:
    old = {"room": "one", "author": "a", "name": "n", "may_speak": True, "expires": 1, "listener": "x"}
    text = base64.urlsafe_b64encode(seal(TICKET_KEY, json.dumps(old).encode(), b"tertulia ticket 1")).decode()

    async def play() -> Response:
        async with stage(tmp_path) as place:
            line = await place.line()
            line.send(get("one", cookie=text.rstrip("=")))
            return await line.answer()

    assert perform(play()).status == 401


def test_a_fault_ends_one_request_and_its_words_are_not_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:

    async def play() -> None:
        async with stage(tmp_path) as place:

            async def fail(_draft: object) -> int:
                raise ZeroDivisionError("she said: hello")

            monkeypatch.setattr(place.relay, "say", fail)
            line = await place.line()
            line.send(post("hello"))
            response = await line.answer()
            assert (response.status, response.json["detail"]) == (500, "something went wrong here")

    perform(play())
    assert caplog.messages == ["a request failed: ZeroDivisionError"]
    assert "hello" not in caplog.text


def test_a_room_that_goes_while_somebody_speaks_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            room = await place.relay.room("one")

            async def remembered(_name: str) -> object:
                place.relay.boxes.forget("one")
                return room

            monkeypatch.setattr(place.relay, "room", remembered)
            place.keys.destroy(key_name("one"))
            line = await place.line()
            line.send(post("too late"))
            assert (await line.answer()).status == 404

    perform(play())


@pytest.mark.parametrize(
    ("start", "ours"),
    [
        (b"", None),
        (b"\r\n\r\n", None),
        (b"G", None),
        (b"GET", None),
        (b"GET /str", None),
        (b"GET /stream", None),
        (b"GET /stream/", True),
        (b"GET /stream/one HTTP/1.1", True),
        (b"\r\n" * 30 + b"POST /stream/x", True),
        (b"OPTIONS /stream/", True),
        (b"OPTIONS /stream", None),
        (b"GET /", None),
        (b"GET /s?", False),
        (b"GET /live/one", False),
        (b"GET /streams", False),
        (b"PROPFIND /stream/", True),
        (b"UNSUBSCRIBE", None),
        (b"ABCDEFGHIJKLMNOPQ", False),
        (b"\x16\x03\x01", False),
        (b"GET  /stream/", False),
        (b"PRI * HTTP/2.0", False),
    ],
)
def test_whose_request_it_is_shows_in_its_first_bytes(start: bytes, ours: bool | None) -> None:
    assert is_for_relay(start) is ours
