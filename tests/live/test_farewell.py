"""Who leaves takes the tickets to their rooms along, in a browser that keeps cookies as browsers do: by path."""

from __future__ import annotations

from email.message import Message
from http.cookiejar import CookieJar
from types import SimpleNamespace
from typing import Any
from urllib.request import Request

import pytest
from django.test import Client

from tertulia.live.models import Room
from tertulia.live.queries import tickets_of
from tertulia.live.relay.tickets import COOKIE
from tertulia.people.actions import issue_sign_in_link, make_new_way_back
from tertulia.people.queries import mark_to_keep
from tertulia.programme.models import Event, Participation
from tests.factories import let_in, make_account, make_event
from tests.factories.people import make_newcomer, make_participant, sign_in
from tests.live.scenes import a_room, somebody_in

pytestmark = pytest.mark.django_db


class Browser:
    """Django's own client, and beside it a jar that knows cookies by name and path, which Django's does not."""

    def __init__(self, account: Any) -> None:
        self.client = sign_in(Client(), account)
        self.jar = CookieJar()

    def ask(self, method: str, path: str, **sent: str) -> Any:
        response = getattr(self.client, method)(path, sent)
        headers = Message()
        for cookie in response.cookies.values():
            headers["Set-Cookie"] = cookie.OutputString()
        answer: Any = SimpleNamespace(info=lambda: headers)
        self.jar.extract_cookies(answer, Request(f"http://testserver{path}"))
        return response

    def tickets(self) -> list[str]:
        return sorted(cookie.path for cookie in self.jar if cookie.name == COOKIE)


@pytest.fixture
def event() -> Event:
    return make_event("nights")


@pytest.fixture
def rooms(event: Event) -> list[Room]:
    return [a_room(event, name=name) for name in ("One", "Two", "Three")]


@pytest.fixture
def wren(event: Event, rooms: list[Room]) -> Participation:
    assert {room.event for room in rooms} == {event}
    return let_in(make_newcomer()[0], event, "Wren")


@pytest.mark.parametrize("path", ["/leave/", "/me/delete/", "/me/way-back/keep/"])
def test_every_ticket_goes(wren: Participation, rooms: list[Room], path: str) -> None:
    browser = Browser(wren.account)
    for room in rooms[:2]:
        browser.ask("get", f"/live/{room.public_id}/")
    assert browser.tickets() == sorted(f"/stream/{room.public_id}" for room in rooms[:2])
    make_new_way_back(wren.account)
    assert browser.ask("post", path, mark=mark_to_keep(wren.account)).status_code == 302
    assert browser.tickets() == []


def test_coming_back_takes_what_was_there_before(event: Event, rooms: list[Room]) -> None:
    wren, phrase = make_participant(event)
    robin, phrase_of_robin = make_participant(make_event("days"), "Robin")
    for words in (phrase, phrase_of_robin):
        browser = Browser(wren)
        browser.ask("get", f"/live/{rooms[0].public_id}/")
        assert browser.tickets() == [f"/stream/{rooms[0].public_id}"]
        assert browser.ask("post", "/come-back/", phrase=words).status_code == 302
        assert browser.tickets() == []
    assert browser.client.get("/me/").context["user"] == robin


def test_staff_who_come_in_take_what_was_there_before(wren: Participation, rooms: list[Room]) -> None:
    token = issue_sign_in_link(make_account("organiser"), 10)
    browser = Browser(wren.account)
    browser.ask("get", f"/live/{rooms[0].public_id}/")
    assert browser.tickets() == [f"/stream/{rooms[0].public_id}"]
    assert browser.ask("post", f"/staff-door/{token}/").status_code == 302
    assert browser.tickets() == []


def test_the_rooms_of_ones_events_are_named_and_no_others(wren: Participation, rooms: list[Room]) -> None:
    somebody_in(a_room())
    request: Any = None
    expected = sorted((COOKIE, f"/stream/{room.public_id}") for room in rooms)
    assert sorted(tickets_of(request, wren.account)) == expected
    assert tickets_of(request, make_account()) == []
    Room.objects.update(is_erased=True)
    assert tickets_of(request, wren.account) == []


def test_a_visitor_may_leave_too(client: Client) -> None:
    response = client.post("/leave/")
    assert (response.status_code, [name for name in response.cookies if name.startswith(COOKIE)]) == (302, [])
