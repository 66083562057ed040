"""What people are answered, and what they hear, when a room is kept by rules: over HTTP and over the hub."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tertulia.live.relay import floor
from tertulia.live.relay.control import Control
from tertulia.live.relay.hub import Hub, ask
from tertulia.live.relay.room import rounded
from tertulia.live.relay.tickets import Ticket, issue
from tests.live.relay.stage import TICKET_KEY, Event, Line, Response, Stage, get, new_id, perform, post, stage, ticket

pytestmark = [pytest.mark.network, pytest.mark.parser]

OPEN: dict[str, Any] = {"open": True, "slow": 0, "hold": False, "newcomers": 0, "muted": {}, "banned": {}}
LONG = 2.0**40


async def answered(place: Stage, request: bytes) -> Response:
    line = await place.line()
    line.send(request)
    return await line.answer()


def sent(what: dict[str, Any], author: str = "a1", cookie: str = "") -> bytes:
    body = json.dumps({"id": new_id(), **what}).encode()
    head = (
        f"POST /stream/one HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    )
    return head.encode() + b"Cookie: t=%s\r\n\r\n" % (cookie or ticket(author=author)).encode() + body


async def ear(place: Stage, cookie: str) -> Line:
    line = await place.line()
    line.send(get(cookie=cookie))
    assert (await line.answer()).status == 200
    while (event := await line.event()) and event.kind != "present":
        pass
    return line


@pytest.mark.parametrize(
    ("control", "status", "reason"),
    [
        (Control(is_open=False), 403, "closed"),
        (Control(muted={"a1": LONG}), 403, "muted"),
        (Control(newcomers=10), 429, "newcomer"),
        (Control(slow=30), 429, "slow"),
    ],
)
def test_a_refusal_is_a_problem_with_its_reason(tmp_path: Path, control: Control, status: int, reason: str) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            await place.relay.command("one", 1, control)
            if reason == "slow":
                assert (await answered(place, post("the first", author="a1"))).status == 200
            answer = await answered(place, post("may I?", author="a1"))
            assert (answer.status, answer.json["reason"]) == (status, reason)
            assert answer.headers["content-type"] == "application/problem+json"
            waits = int(answer.headers.get("retry-after", 0))
            assert (0 < waits <= 600) == (status == 429)

    perform(play())


def test_edits_and_removals_go_over_the_stream(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            said = await place.say("words", author="a1")
            reply = await answered(place, sent({"text": "indeed", "reply": said}, "a2"))
            edited = await answered(place, sent({"edit": said, "text": "better words"}))
            removed = await answered(place, sent({"remove": reply.json["sequence"]}, "a2"))
            assert [answer.json for answer in (edited, removed)] == [{"sequence": 3}, {"sequence": 4}]
            for wrong in ({"edit": 3, "text": "x"}, {"remove": said}, {"edit": 77, "text": "x"}):
                assert (await answered(place, sent(wrong, "a2"))).status == 404
            for wrong in (
                {"edit": said},
                {"edit": "1", "text": "x"},
                {"remove": 0},
                {"remove": True},
                {"text": "x", "reply": -1},
            ):
                assert (await answered(place, sent(wrong))).status == 422

    perform(play())


def test_who_is_banned_is_out_and_who_is_muted_is_told_to_ask_for_another_ticket(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            banned, muted, other = [await ear(place, ticket(author=author)) for author in ("a1", "a2", "a3")]
            await place.relay.command("one", 1, Control(banned={"a1": LONG}, muted={"a2": LONG}))
            await place.say("all is well", author="a3")
            assert await banned.event() is None
            assert [(await muted.event()).kind, (await muted.event()).kind] == ["ticket", "message"]
            assert await other.event() == Event("message", await place.position(1), "all is well")
            for request in (get(cookie=ticket(author="a1")), post("let me in", author="a1")):
                assert (await answered(place, request)).status == 401
            await place.relay.command("one", 2, Control())
            assert (await muted.event()).kind == "ticket"
            assert (await answered(place, post("thank you", author="a1"))).status == 200

    perform(play())


def test_a_door_that_was_made_harder_ends_every_stream_and_takes_tickets_of_that_door_alone(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            reader, wren = await ear(place, issue(TICKET_KEY, Ticket("one"))), await ear(place, ticket(author="a1"))
            await place.relay.command("one", 1, Control(slow=2))
            assert [(await one.event()).kind for one in (reader, wren)] == ["message", "message"]
            await place.relay.command("one", 2, Control(slow=2, door=1))
            assert [await one.has_closed() for one in (reader, wren)] == [True, True]
            for old in (get(cookie=issue(TICKET_KEY, Ticket("one"))), post("let me in", author="a1")):
                assert (await answered(place, old)).status == 401
            # Who was given a ticket before the relay had heard of the next door stays.
            stays = await ear(place, issue(TICKET_KEY, Ticket("one", "a2", door=2)))
            await place.relay.command("one", 3, Control(slow=3, door=2))
            assert (await stays.event()).kind == "message"

    perform(play())


def test_a_moderator_hears_that_something_waits_and_nobody_else_does(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            await place.relay.command("one", 1, Control(hold=True))
            moderator = await ear(place, issue(TICKET_KEY, Ticket("one", moderates=True)))
            other = await ear(place, ticket(author="a2"))
            answer = await answered(place, post("may this stand?", author="a1"))
            assert (answer.status, answer.json) == (202, {"held": 1})
            assert (await moderator.event()).kind == "waiting"
            hub = Hub(place.relay, tmp_path / "hub.sock")
            await hub.start()
            decided = await asyncio.to_thread(ask, hub.path, {"room": "one", "decide": 1, "approve": True})
            assert decided == {"sequence": 2}
            again = await asyncio.to_thread(ask, hub.path, {"room": "one", "decide": 1, "approve": True})
            assert again["refused"] == "no such message"
            await hub.stop()
            assert [(await moderator.event()).kind, (await moderator.event()).kind] == ["message", "waiting"]
            assert (await other.event()).text == "may this stand?"

    perform(play())


def test_the_pages_keep_a_room_and_take_messages_out_over_the_hub(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            hub = Hub(place.relay, tmp_path / "hub.sock")
            await hub.start()

            async def asks(question: dict[str, Any]) -> dict[str, Any]:
                return await asyncio.to_thread(ask, hub.path, question)

            assert await asks({"room": "one", "control": {**OPEN, "slow": 10}, "version": 4}) == {"version": 4}
            assert await asks({"room": "one", "control": OPEN, "version": 3}) == {"version": 4}
            for wrong in (
                {},
                [],
                {**OPEN, "slow": -1},
                {**OPEN, "slow": True},
                {**OPEN, "muted": ["a1"]},
                {"open": True},
            ):
                assert (await asks({"room": "one", "control": wrong, "version": 9}))["refused"] == "malformed"
            message = {"id": new_id(), "text": "words"}
            said = await asks({"room": "one", "author": "a1", "name": "Nadi", "message": message})
            assert said == {"sequence": 2}
            again = await asks({"room": "one", "author": "a1", "name": "Nadi", "message": message | {"id": new_id()}})
            assert (again["refused"], 0 < again["wait"] <= 10) == ("slow", True)
            assert await asks({"room": "one", "remove": 2, "by": "moderator"}) == {"sequence": 3}
            assert (await asks({"room": "one", "remove": 1, "by": "moderator"}))["refused"] == "no such message"
            for wrong in ({"remove": "2"}, {"decide": None, "approve": True}, {"remove": None}):
                assert (await asks({"room": "one", **wrong}))["refused"] == "malformed"
            assert (await asks({"room": "none", "control": OPEN, "version": 1}))["refused"] == "no such room"
            await hub.stop()

    perform(play())


def test_a_second_try_in_slow_mode_waits_and_is_known_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            await place.relay.command("one", 1, Control(slow=600))
            assert await place.say("once", "message-0001", author="a1") == 2
            refused = await answered(place, post("once", "message-0001", author="a1"))
            assert refused.status == 429
            monkeypatch.setattr(floor, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + 601))
            assert await place.say("once", "message-0001", author="a1") == 2

    perform(play())


@pytest.mark.parametrize(
    ("count", "said"), [(0, 0), (9, 0), (10, 10), (19, 10), (99, 90), (100, 100), (139, 120), (999, 980), (1099, 1000)]
)
def test_how_many_are_here_is_rounded_down(count: int, said: int) -> None:
    assert rounded(count) == said


def test_nobody_is_seen_to_come_between_two_heartbeats(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            room = await place.relay.room("one")
            ears = [await place.listener() for _ in range(12)]
            assert room.here() == b'event: here\ndata: {"about": 0}\n\n'
            room.beat()
            assert b'data: {"about": 10}' in await ears[0].reader.readuntil(b"}\n\n")
            await ears.pop().close()
            room.beat()
            assert await ears[0].event() == Event("beat", "", "")

    perform(play())


def test_who_may_only_read_takes_back_what_they_said_and_who_is_nobody_does_nothing(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            said = await place.say("words", author="a1")
            silent, nobody = issue(TICKET_KEY, Ticket("one", "a1", "Nadi")), issue(TICKET_KEY, Ticket("one"))
            for what, status in (({"text": "more"}, 403), ({"edit": said, "text": "x"}, 403), ({"remove": said}, 200)):
                assert (await answered(place, sent(what, cookie=silent))).status == status
            assert (await answered(place, sent({"remove": said}, cookie=nobody))).status == 403

    perform(play())
