"""What is sent to a page: how much, how slowly, how many at once; and what those hear who are turned away."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from django.utils.translation import gettext_lazy

from tertulia.kit.sizes import LARGEST_FILE, LARGEST_FORM, LARGEST_WORDS
from tertulia.project import body, refusals
from tertulia.project.asgi import application
from tertulia.project.body import Incoming, Receive, Refused, Shelf, received
from tests.project.test_asgi import nothing, posted, scope_of

pytestmark = pytest.mark.parser


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is waited for longer than a moment."""
    monkeypatch.setattr(body, "SILENCE_SECONDS", 0.5)
    monkeypatch.setattr(refusals, "LINGER_SECONDS", 0.1)


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A small one, for words."""
    small = Shelf(each=10, in_all=25, seconds=5)
    monkeypatch.setattr(body, "WORDS", small)
    return small


def ended(*pieces: bytes) -> Receive:
    """A body that comes in these pieces, and then the sender goes."""
    waiting = [{"type": "http.request", "body": piece, "more_body": piece is not pieces[-1]} for piece in pieces]

    async def receive() -> Any:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    return receive


def declared(size: int) -> list[tuple[bytes, bytes]]:
    return [(b"content-length", b"%d" % size)]


def refusal(receive: Receive, path: str = "/", size: int = 0) -> int:
    """The status with which a body is refused."""

    async def ask() -> int:
        with pytest.raises(Refused) as refused:
            async with asyncio.timeout(4), received(path, Incoming(declared(size), receive)):
                pytest.fail("it was taken")
        return refused.value.status

    return asyncio.run(ask())


def taken(receive: Receive, path: str = "/", size: int = 0) -> bytes:
    """The body as a page gets it."""

    async def ask() -> bytes:
        async with received(path, Incoming(declared(size), receive)) as replay:
            assert replay
            message = await replay()
            assert (message["type"], message["more_body"]) == ("http.request", False)
            assert (await replay())["type"] == "http.disconnect"
            given: bytes = message["body"]
            return given

    return asyncio.run(ask())


def test_the_largest_body_is_handed_over_as_it_came(shelf: Shelf) -> None:
    assert taken(ended(b"hello", b"world")) == b"helloworld"
    assert refusal(ended(b"hello", b"world", b"!")) == 413
    assert shelf.held == 0


def test_a_body_that_says_it_is_too_large_is_refused_before_a_byte_of_it_is_taken(shelf: Shelf) -> None:
    async def receive() -> Any:
        pytest.fail("it was read")

    assert refusal(receive, size=shelf.each + 1) == 413
    assert refusal(receive, size=500_000_000) == 413


def test_large_is_what_staff_send_alone() -> None:
    large = bytes(LARGEST_FILE)
    assert taken(ended(large, b"form"), "/staff/images/add/", len(large) + 4) == large + b"form"
    assert refusal(ended(bytes(LARGEST_FORM), b"!"), "/staff/images/add/") == 413
    for path in ("/", "/events/", "/es/me/", "/staffed/", "/live/staff/"):
        assert refusal(ended(bytes(LARGEST_WORDS), b"!"), path) == 413
        assert refusal(nothing, path, LARGEST_WORDS + 1) == 413
    words = "ص".encode() * 2_000
    assert len(taken(ended(b"text=" + b"%D8%B5" * 2_000 + words), "/live/room/")) == 5 + 12_000 + 4_000


def test_a_body_that_keeps_coming_is_waited_for_and_one_that_stops_is_not(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "SILENCE_SECONDS", 0.2)

    def dripping(pieces: int) -> Receive:
        left = list(range(pieces))

        async def receive() -> Any:
            await asyncio.sleep(0.08)
            left.pop()
            return {"type": "http.request", "body": b"x", "more_body": bool(left)}

        return receive

    assert taken(dripping(5)) == b"xxxxx"
    assert refusal(posted(b"x")) == 408
    monkeypatch.setattr(body, "WORDS", replace(shelf, seconds=0.2))
    assert refusal(dripping(5)) == 408


def test_what_is_held_in_all_is_bounded_and_let_go(shelf: Shelf) -> None:
    async def ask() -> list[int]:
        gates = [asyncio.Event() for _ in range(3)]
        both = [asyncio.create_task(hold(posted(bytes(10)), gate)) for gate in gates[:2]]
        while shelf.held < 20:  # noqa: ASYNC110 - a shelf rings no bell
            await asyncio.sleep(0)
        third = await hold(posted(bytes(6)), gates[2])
        declared_too_much = await hold(nothing, gates[2], 6)
        assert shelf.held == 20
        return [third, declared_too_much, *await asyncio.gather(*both)]

    async def hold(receive: Receive, gate: asyncio.Event, size: int = 0) -> int:
        try:
            async with received("/", Incoming(declared(size), receive)):
                await gate.wait()
        except Refused as refused:
            return refused.status
        return 0

    assert asyncio.run(ask()) == [503, 503, 408, 408]
    assert shelf.held == 0


def test_a_page_that_is_not_done_with_a_body_holds_it(shelf: Shelf) -> None:
    async def ask() -> list[int]:
        seen = []
        async with received("/", Incoming([], ended(b"hello"))):
            seen.append(shelf.held)
        seen.append(shelf.held)
        with pytest.raises(LookupError):
            async with received("/", Incoming([], ended(b"hello"))):
                raise LookupError
        return [*seen, shelf.held]

    assert asyncio.run(ask()) == [5, 0, 0]


def asked(receive: Receive, path: str = "/events/") -> list[dict[str, Any]]:
    """What the server sends for a form that does not say how long it is."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(dict(message))

    asyncio.run(application({**scope_of(path, "POST"), "headers": [(b"host", b"127.0.0.1")]}, receive, send))
    return sent


def test_who_is_turned_away_reads_why(shelf: Shelf) -> None:
    head, *bodies = asked(posted(bytes(shelf.each + 1)))
    headers = dict(head["headers"])
    said = b"".join(message["body"] for message in bodies)
    assert (head["status"], said) == (413, b"What you sent is too large for this page.\n")
    assert (headers[b"connection"], headers[b"content-length"]) == (b"close", b"%d" % len(said))
    assert headers[b"content-type"] == b"text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "words"), [("/es/events/", "Sesiones\n"), ("/events/", "Sessions\n"), ("/x/events/", "Sessions\n")]
)
def test_it_is_said_in_the_language_of_the_address(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, path: str, words: str
) -> None:
    monkeypatch.setitem(refusals.SENTENCES, 413, gettext_lazy("Sessions"))
    assert asked(posted(bytes(shelf.each + 1)), path)[1]["body"].decode() == words


def test_who_finds_no_place_is_told_when_to_come_again(shelf: Shelf) -> None:
    shelf.held = 20
    head, *_ = asked(posted(bytes(6)))
    assert (head["status"], dict(head["headers"])[b"retry-after"]) == (503, b"10")
    assert shelf.held == 20


def test_the_line_is_listened_to_until_all_was_sent_and_then_closed(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "LINGER_SECONDS", 30.0)
    left = [bytes(shelf.each)] * 100
    order: list[str] = []

    async def receive() -> Any:
        order.append("taken")
        return {"type": "http.request", "body": left.pop(), "more_body": bool(left)}

    async def send(message: Any) -> None:
        order.append("head" if "status" in message else "rest" if message.get("more_body") else "end")

    asyncio.run(application({**scope_of("/events/", "POST"), "headers": []}, receive, send))
    assert order == ["taken"] * 2 + ["head", "rest"] + ["taken"] * 98 + ["end"]


def test_who_never_ends_is_listened_to_for_a_moment() -> None:
    head, words, end = asked(posted(b"x"))
    assert (head["status"], words["body"][:13], end["body"]) == (408, b"What you sent", b"")
