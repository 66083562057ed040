"""Coming back, renewing the way back in, leaving."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tertulia.kit.limits import Limit
from tertulia.kit.phrases import Kind
from tertulia.live.models import Room
from tertulia.people import views
from tertulia.people.models import Account, Session
from tertulia.people.queries import account_behind
from tertulia.programme.models import Participation
from tests.factories import make_account
from tests.factories.people import make_newcomer, sign_in

pytestmark = pytest.mark.django_db
WRONG = "abacus abacus abacus abacus abacus abacus"


@pytest.fixture(autouse=True)
def fresh_limit(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tries of one test are not those of another."""
    monkeypatch.setattr(views, "WRONG_PHRASES", Limit(most=3, seconds=600))
    return


def back(client: Client, phrase: str, **more: Any) -> HttpResponse:
    answer: HttpResponse = client.post("/come-back/", {"phrase": phrase}, **more)
    return answer


@pytest.mark.parametrize("kind", list(Kind))
def test_the_phrase_leads_back_in(client: Client, kind: Kind) -> None:
    _account, phrase = make_newcomer(kind)
    response = back(client, f" {phrase.upper()}\n")
    assert (response.status_code, response["Location"]) == (302, "/me/")
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize(("asked", "led"), [("/live/abc/", "/live/abc/"), ("//example.org", "/me/"), ("", "/me/")])
def test_one_is_led_on_within_this_site_only(client: Client, asked: str, led: str) -> None:
    _account, phrase = make_newcomer()
    assert asked in client.get("/come-back/", {"next": asked}).content.decode()
    assert client.post("/come-back/", {"phrase": phrase, "next": asked})["Location"] == led


def test_what_opens_nothing_is_answered_alike(client: Client) -> None:
    make_newcomer()
    _closed, phrase = make_newcomer()
    _closed.__class__.objects.filter(pk=_closed.pk).update(is_active=False)
    answers = []
    for number, wrong in enumerate([WRONG, "", "0" * 24, phrase, "x" * 401]):
        response = back(client, wrong, REMOTE_ADDR=f"192.0.2.{number}")
        errors = response.context["form"].errors["phrase"]  # type: ignore[attr-defined]
        answers.append((response.status_code, list(errors)))
    assert len(answers[0][1]) == 1
    assert answers == [(422, answers[0][1])] * 5


def test_too_many_wrong_phrases_from_one_address_have_to_wait(client: Client) -> None:
    statuses = [back(client, WRONG, REMOTE_ADDR="192.0.2.1").status_code for _ in range(3)]
    waiting = back(client, WRONG, REMOTE_ADDR="192.0.2.1")
    elsewhere = back(Client(), WRONG, REMOTE_ADDR="192.0.2.2")
    assert statuses == [422, 422, 422]
    assert (waiting.status_code, waiting["Retry-After"]) == (429, "600")
    assert b"Many wrong words came from your network" in waiting.content
    assert b"Nothing is closed to you" in waiting.content
    assert elsewhere.status_code == 422


def test_a_right_phrase_opens_whatever_others_tried_from_the_same_address(client: Client) -> None:
    _account, phrase = make_newcomer()
    statuses = [back(client, WRONG, REMOTE_ADDR="192.0.2.1").status_code for _ in range(4)]
    assert statuses == [422, 422, 422, 429]
    assert back(client, phrase, REMOTE_ADDR="192.0.2.1").status_code == 302
    assert back(Client(), WRONG, REMOTE_ADDR="192.0.2.1").status_code == 429


def test_right_phrases_are_not_counted() -> None:
    _account, phrase = make_newcomer()
    statuses = [back(Client(), phrase, REMOTE_ADDR="192.0.2.1").status_code for _ in range(5)]
    assert statuses == [302] * 5


def test_a_new_way_back_ends_the_old_one_and_other_sessions(client: Client) -> None:
    account, old = make_newcomer()
    other_device = sign_in(Client(), account)
    sign_in(client, account)
    page = client.post("/me/way-back/", {"kind": "digits", "next": "/me/"}, follow=True)
    new = " ".join(re.findall(r"<span>(\d{4})</span>", page.content.decode()))
    assert account_behind(new) == account
    assert account_behind(old) is None
    assert client.get("/me/").status_code == 200
    assert other_device.get("/me/").status_code == 302


def test_leaving_ends_the_session_and_asks_the_browser_to_forget(client: Client) -> None:
    sign_in(client, make_account())
    cookie = client.cookies["s"].value
    response = client.post("/leave/")
    assert (response["Location"], response["Clear-Site-Data"]) == ("/left/", '"cache", "cookies", "storage"')
    assert response.cookies["s"]["max-age"] == 0
    assert Session.objects.count() == 0
    client.cookies["s"] = cookie
    assert client.get("/me/").status_code == 302


def test_leaving_takes_a_button_not_a_link(client: Client) -> None:
    sign_in(client, make_account())
    assert client.get("/leave/").status_code == 405
    assert client.get("/me/").status_code == 200


def test_a_visitor_is_led_to_coming_back(client: Client) -> None:
    assert client.get("/me/")["Location"] == "/come-back/?next=/me/"
    assert client.get("/me/way-back/")["Location"] == "/come-back/?next=/me/way-back/"


def test_leaving_needs_our_own_form() -> None:
    client = sign_in(Client(enforce_csrf_checks=True), make_account())
    assert client.post("/leave/").status_code == 403
    assert client.get("/me/").status_code == 200


class TestDeleting:
    def test_the_page_says_what_goes_when_and_changes_nothing(self, client: Client) -> None:
        account = make_account()
        page = sign_in(client, account).get("/me/delete/")
        assert page["Cache-Control"] == "no-store, private"
        assert "thirty days after the event is closed" in page.content.decode()
        assert {Room.retention.days, Participation.retention.days} == {30}
        assert client.get("/me/").context["user"] == account

    def test_it_leads_out_on_every_device(self, client: Client) -> None:
        account, phrase = make_newcomer()
        other_device = sign_in(Client(), account)
        response = sign_in(client, account).post("/me/delete/")
        assert (response["Location"], response["Clear-Site-Data"]) == (
            "/left/",
            client.post("/leave/")["Clear-Site-Data"],
        )
        assert response["Cache-Control"] == "no-store, private"
        assert response.cookies["s"]["max-age"] == 0
        assert (Account.objects.count(), Session.objects.count()) == (0, 0)
        assert [one.get("/me/").status_code for one in (client, other_device)] == [302, 302]
        assert back(client, phrase).status_code == 422

    def test_it_takes_our_own_form(self) -> None:
        client = sign_in(Client(enforce_csrf_checks=True), make_account())
        assert client.post("/me/delete/").status_code == 403
        assert Account.objects.count() == 1

    def test_staff_are_not_offered_it(self, client: Client) -> None:
        sign_in(client, make_account("organiser"))
        assert "/me/delete/" not in client.get("/me/").content.decode()
        assert client.post("/me/delete/").status_code == 403
        assert Account.objects.count() == 1


@pytest.mark.parametrize(
    "path", ["/come-back/", "/left/", "/staff-door/", "/staff-door/x/", "/me/", "/me/way-back/", "/me/delete/"]
)
@pytest.mark.parametrize("language", ["", "/es", "/ar"])
def test_every_page_stands_in_every_language(client: Client, language: str, path: str) -> None:
    sign_in(client, make_account())
    page = client.get(language + path)
    assert page.status_code == 200
    assert page["Content-Language"] == (language[1:] or "en")
