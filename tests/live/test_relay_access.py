"""Each place of the relay answers each ticket as it is declared in tests/live/access.py, and nothing else answers."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from typing import Any

import pytest

from tertulia.live.relay.tickets import COOKIE
from tests.live.access import RELAY
from tests.live.stand import PATIENCE_SECONDS, Stand
from tests.live.tickets import TICKETS, a_scene

pytestmark = pytest.mark.django_db
MESSAGE = json.dumps({"id": "0123456789abcdef", "text": "good evening"})
STREAMS = [route for route in RELAY if route.answers]
CASES = [(route, ticket) for route in STREAMS for ticket in route.answers]
FROM_ELSEWHERE = ("Sec-Fetch-Site: cross-site", "Origin: https://elsewhere.example")


def asked(relay: Stand, method: str, place: str, ticket: str = "", *headers: str) -> int:
    """The status with which the relay answers."""
    body = MESSAGE if method == "POST" else ""
    lines = [f"{method} {place} HTTP/1.1", "Host: here", f"Content-Length: {len(body)}", *headers]
    lines += ["Content-Type: application/json", *([f"Cookie: {COOKIE}={ticket}"] if ticket else [])]
    with closing(socket.socket(socket.AF_UNIX)) as line:
        line.settimeout(PATIENCE_SECONDS)
        line.connect(str(relay.ears))
        line.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        received = b""
        while b"\r\n" not in received:
            received += line.recv(65_536)
    return int(received.split(b" ")[1])


@pytest.mark.parametrize(("route", "ticket"), CASES, ids=lambda case: getattr(case, "method", case))
def test_each_ticket_opens_what_is_declared(
    route: Any, ticket: str, relay: Stand, django_capture_on_commit_callbacks: Any
) -> None:
    scene = a_scene()
    place = f"{route.place}{scene.room.public_id}"
    with django_capture_on_commit_callbacks(execute=True):
        held = TICKETS[ticket](scene)
    assert asked(relay, route.method, place, held) == route.answers[ticket]


@pytest.mark.parametrize("header", FROM_ELSEWHERE)
@pytest.mark.parametrize("route", STREAMS, ids=lambda route: route.method)
def test_no_ticket_opens_anything_for_another_site(route: Any, header: str, relay: Stand) -> None:
    scene = a_scene()
    assert asked(relay, route.method, f"{route.place}{scene.room.public_id}", scene.mine(), header) == 403


@pytest.mark.parametrize("route", [route for route in RELAY if not route.answers], ids=lambda route: route.place)
def test_what_everybody_may_ask_is_answered(route: Any, relay: Stand) -> None:
    assert asked(relay, route.method, route.place) == route.status


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_no_other_method_is_answered(method: str, relay: Stand) -> None:
    scene = a_scene()
    place = f"/stream/{scene.room.public_id}"
    assert (asked(relay, method, place), asked(relay, method, place, scene.mine())) == (401, 405)
    assert asked(relay, method, "/healthz") == 404


@pytest.mark.parametrize("path", ["/stream/", "/stream/nowhere", "/stream/../healthz", "/", "/healthz/", "/metrics"])
def test_no_other_place_is_answered(path: str, relay: Stand) -> None:
    ticket = a_scene().mine()
    assert asked(relay, "GET", path, ticket) in (401, 404)


def test_each_stream_is_asked_with_every_ticket() -> None:
    assert [set(route.answers) for route in STREAMS] == [set(TICKETS)] * 2
