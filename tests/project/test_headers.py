"""What every kind of answer tells a browser, by the points of Mozilla's Observatory."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from tertulia.home import views as home_views
from tertulia.live.relay.http import STREAM_HEAD, answer
from tertulia.programme.models import Event
from tertulia.project.refusals import HEADERS
from tests.factories import make_account, make_event
from tests.factories.people import make_participant, sign_in
from tests.ground.observatory import score
from tests.live.scenes import a_room

pytestmark = pytest.mark.django_db

ENOUGH = 130
# Wagtail's screens carry scripts in themselves, for which twenty points are taken and none given.
OF_STAFF = 80
HTTPS = {"Strict-Transport-Security": "max-age=31536000"}
ANYBODYS = (
    "/",
    "/ar/",
    "/events/",
    "/events/nights/",
    "/events/nights/programme/",
    "/events/nights/programme.json",
    "/events/nights/join/",
    "/come-back/",
    "/me/",
    "/preferences/",
    "/privacy/",
    "/offline/",
    "/left/",
    "/deleted/",
    "/staff-door/",
    "/staff-door/wrong/",
    "/nowhere/",
    "/events/nowhere/",
    "/robots.txt",
    "/manifest.webmanifest",
    "/healthz",
    "/readyz",
    "/static/design/favicon.svg",
)


@pytest.fixture(autouse=True)
def https(settings: Settings) -> None:
    settings.SECURE = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000


@pytest.fixture
def event() -> Event:
    return make_event("nights")


def points(response: Any, *, embedded: bool = False) -> int:
    if response.streaming:
        # Read to its end, the file is closed.
        assert b"".join(response.streaming_content)
    kept = [cookie for cookie in response.cookies.values() if cookie.value]
    return score(dict(response.headers), kept, embedded=embedded)


@pytest.mark.parametrize("path", ANYBODYS)
def test_an_answer_to_anybody(path: str, client: Client, event: Event) -> None:
    assert event.slug == "nights"
    response = client.get(path, secure=True)
    assert points(response) >= ENOUGH, (response.status_code, dict(response.headers))


@pytest.mark.parametrize("path", ["/me/", "/me/way-back/", "/me/delete/", "/live/{room}/"])
def test_an_answer_to_somebody(path: str, client: Client, event: Event) -> None:
    room = a_room(event)
    sign_in(client, make_participant(event)[0])
    response = client.get(path.format(room=room.public_id), secure=True)
    assert points(response) >= ENOUGH, (response.status_code, dict(response.headers))


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/come-back/", {"phrase": "no such words at all here"}),
        ("/come-back/", {}),
        ("/events/nights/join/", {}),
        ("/events/nights/join/", {"name": "Wren", "kind": "words"}),
        ("/leave/", {}),
        ("/preferences/", {"zone": "America/Lima"}),
        ("/robots.txt", {}),
    ],
)
def test_an_answer_to_a_form(path: str, sent: dict[str, str], client: Client, event: Event) -> None:
    assert event.slug == "nights"
    response = client.post(path, sent, secure=True)
    assert points(response) >= ENOUGH, (response.status_code, dict(response.headers))


def test_an_answer_to_a_forged_form(event: Event) -> None:
    assert event.slug == "nights"
    response = Client(enforce_csrf_checks=True).post("/events/nights/join/", {"name": "Wren"}, secure=True)
    assert (response.status_code, points(response) >= ENOUGH) == (403, True)


def test_an_answer_when_all_fails(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_request: HttpRequest) -> None:
        raise RuntimeError("canary")

    monkeypatch.setattr(home_views, "privacy", fail)
    client.raise_request_exception = False
    response = client.get("/privacy/", secure=True)
    assert points(response) >= ENOUGH


def test_the_staff_screens_have_what_wagtail_allows(client: Client) -> None:
    sign_in(client, make_account("administrator"))
    assert [points(client.get(path, secure=True)) for path in ("/staff/", "/staff/events/")] == [OF_STAFF] * 2


def test_what_is_answered_before_any_page_and_by_the_relay() -> None:
    statuses = (HTTPStatus.OK, HTTPStatus.UNAUTHORIZED, HTTPStatus.METHOD_NOT_ALLOWED)
    heads = [STREAM_HEAD, *(answer(status, "no") for status in statuses)]
    lines = [head.split(b"\r\n\r\n")[0].decode().split("\r\n")[1:] for head in heads]
    answers = [dict(line.split(": ", 1) for line in head) for head in lines]
    answers.append({name.decode(): value.decode() for name, value in HEADERS})
    # The server in front says that it is https.
    assert [score(headers | HTTPS) >= ENOUGH for headers in answers] == [True] * 5


def test_a_worse_answer_gets_fewer_points() -> None:
    good = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Referrer-Policy": "no-referrer"}
    good |= HTTPS | {"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin"}
    assert score(good) == ENOUGH
    for name, taken in {
        "Content-Security-Policy": 45 + 30,
        "Referrer-Policy": 5,
        "Strict-Transport-Security": 20 + 30,
        "X-Content-Type-Options": 5,
        "Cross-Origin-Resource-Policy": 10,
    }.items():
        assert score({key: value for key, value in good.items() if key != name}) == ENOUGH - taken, name
