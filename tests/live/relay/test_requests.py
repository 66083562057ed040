"""What is no request for the relay, and what a client gets for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.live.relay.stage import get, perform, post, stage, ticket

pytestmark = [pytest.mark.network, pytest.mark.parser]

BODY = b'{"id": "12345678", "text": "x"}'


def request(*lines: str, body: bytes = b"") -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def speak(*headers: str, body: bytes = BODY) -> bytes:
    return request("POST /stream/one HTTP/1.1", "Host: here", f"Cookie: t={ticket()}", *headers, body=body)


JSON = ("Content-Type: application/json", f"Content-Length: {len(BODY)}")


def refused() -> dict[str, tuple[bytes, int]]:
    """What is refused, and how; made when it is sent, since no ticket outlasts a long run of the tests."""
    nobody = ticket(author="", may_speak=False)
    return {
        "no request": (b"hello\r\n\r\n", 404),
        "another address": (b"GET / HTTP/1.1\r\nHost: here\r\n\r\n", 404),
        "two words": (b"GET /stream/one\r\n\r\n", 400),
        "four words": (b"GET /stream/one now HTTP/1.1\r\nHost: here\r\n\r\n", 400),
        "another version": (b"GET /stream/one HTTP/2.0\r\nHost: here\r\n\r\n", 400),
        "a target with a control": (b"GET /stream/one\x07 HTTP/1.1\r\nHost: here\r\n\r\n", 400),
        "a target that ends its line": (b"GET /stream/one\n HTTP/1.1\r\nHost: here\r\n\r\n", 400),
        "no host": (b"GET /stream/one HTTP/1.1\r\n\r\n", 400),
        "two hosts": (get("one", "", "Host: there"), 400),
        "a header without colon": (get("one", "", "nothing"), 400),
        "a header with a space in its name": (get("one", "", "A b: c"), 400),
        "a header that goes on": (get("one", "", "A: b", " c"), 400),
        "a header with a line feed": (get("one", "", "A: b\nC: d"), 400),
        "a header that ends in a line feed": (get("one", "", "A: b\n"), 400),
        "a huge head": (get("one", "", "A: " + "b" * 9000), 431),
        "an endless head": (b"GET /stream/one HTTP/1.1\r\nA: " + b"b" * 9000, 431),
        "chunks": (speak("Transfer-Encoding: chunked", body=b"0\r\n\r\n"), 411),
        "two lengths": (speak(*JSON, f"Content-Length: {len(BODY)}"), 400),
        "a length in words": (speak("Content-Length: five"), 400),
        "a length with a sign": (speak("Content-Length: +5"), 400),
        "no length after all": (speak("Content-Length: "), 400),
        "a length in other digits": (speak("Content-Length: \u00b2"), 400),
        "too long a body": (speak("Content-Type: application/json", "Content-Length: 16385", body=bytes(16385)), 413),
        "far too long a body": (speak("Content-Length: 99999999999999999999", body=bytes(100_000)), 413),
        "no ticket": (b"GET /stream/one HTTP/1.1\r\nHost: here\r\n\r\n", 401),
        "a ticket for another room": (get("one", cookie=ticket("two")), 401),
        "a ticket under another key": (get("one", cookie=ticket(key=bytes(32))), 401),
        "another origin": (get("one", "", "Origin: http://there"), 403),
        "no origin": (get("one", "", "Origin: null"), 403),
        "another site": (get("one", "", "Sec-Fetch-Site: cross-site"), 403),
        "a neighbour": (get("one", "", "Sec-Fetch-Site: same-site"), 403),
        "no such room": (get("three"), 404),
        "a room elsewhere": (get("../one"), 404),
        "another method": (get().replace(b"GET", b"PUT"), 405),
        "the options": (get().replace(b"GET", b"OPTIONS"), 405),
        "only the head": (get().replace(b"GET", b"HEAD"), 405),
        "small letters": (get().replace(b"GET", b"get"), 405),
        "no JSON by its name": (speak(f"Content-Length: {len(BODY)}"), 415),
        "a form": (speak("Content-Type: text/plain", f"Content-Length: {len(BODY)}"), 415),
        "a listener's ticket": (
            request("POST /stream/one HTTP/1.1", "Host: here", f"Cookie: t={nobody}", *JSON, body=BODY),
            403,
        ),
    }


@pytest.mark.parametrize("name", refused())
def test_what_is_unusual_is_refused_and_the_line_closed(tmp_path: Path, name: str) -> None:
    sent, status = refused()[name]

    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.line()
            line.send(sent)
            response = await line.answer()
            assert response.status == status, response
            assert response.headers["connection"] == "close"
            assert response.headers["cache-control"] == "no-store"
            assert response.json["status"] == status
            assert set(response.json) == {"type", "title", "status", "detail"}
            assert ("allow" in response.headers) is (status == 405)
            assert await line.has_closed()
            assert (await place.relay.room("one")).last == 0

    perform(play())


def test_a_long_header_costs_no_more_than_it_is_long(tmp_path: Path) -> None:
    # A pattern that tries every blank as the end of the line took two seconds over this one.
    async def play() -> None:
        async with stage(tmp_path) as place:
            lines = [await place.line() for _ in range(20)]
            async with asyncio.timeout(10):
                for line in lines:
                    line.send(get("one", "", "A: x" + " " * 7500 + "\x7f"))
                assert [(await line.answer()).status for line in lines] == [400] * 20

    perform(play())


MALFORMED = {
    "no JSON": b"hello",
    "half of it": b'{"id": "12345678"',
    "too deep": b"[" * 16_000,
    "a huge number": b'{"id": ' + b"1" * 10_000 + b"}",
    "no bytes of any text": b'"\xff\xfe\xfa"',
    "nothing": b"",
    "no message": b"[]",
    "an empty message": b'{"id": "12345678", "text": " "}',
}


def test_a_malformed_message_is_told_why_and_the_line_goes_on(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            line = await place.line()
            for content in MALFORMED.values():
                line.send(speak("Content-Type: application/json", f"Content-Length: {len(content)}", body=content))
                response = await line.answer()
                assert (response.status, response.headers["connection"]) == (422, "keep-alive"), content
            line.send(post("at last"))
            assert (await line.answer()).json == {"sequence": 1}

    perform(play())
