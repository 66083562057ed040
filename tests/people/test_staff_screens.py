"""The staff's door, and what of Wagtail's own account screens is left: nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from tertulia.people.actions import issue_sign_in_link
from tertulia.people.models import Account, Session, SignInLink
from tests.factories import make_account
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["organiser", "administrator"])
def test_a_link_leads_to_setting_up_a_factor_once(client: Client, role: str) -> None:
    token = issue_sign_in_link(make_account(role), 60)
    assert client.get(f"/staff-door/{token}/").status_code == 200
    response = client.post(f"/staff-door/{token}/")
    assert (response.status_code, response["Location"]) == (302, "/staff-door/")
    assert client.get("/staff-door/")["Location"] == "/staff-door/factors/"
    assert client.get("/staff-door/factors/").status_code == 200
    assert client.get("/staff/")["Location"] == "/staff-door/?next=/staff/"
    opened = Client().get(f"/staff-door/{token}/")
    assert (opened.status_code, opened["Cache-Control"]) == (410, "no-store, private")
    assert "This link was used already, or its time is over." in opened.content.decode()
    assert "Go on" not in opened.content.decode()
    again = Client().post(f"/staff-door/{token}/")
    assert (again.status_code, again["Cache-Control"]) == (410, "no-store, private")


def test_a_link_of_the_machine_itself_leads_into_the_staff_screens(client: Client) -> None:
    token = issue_sign_in_link(make_account("organiser"), 60, loopback_only=True)
    client.post(f"/staff-door/{token}/", HTTP_HOST="localhost:8000")
    assert client.get("/staff/").status_code == 200
    assert client.get("/staff-door/")["Location"] == "/staff/"


def test_pressing_twice_goes_on_in_this_browser_and_in_no_other() -> None:
    account = make_account("organiser")
    path = f"/staff-door/{issue_sign_in_link(account, 60)}/"
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(path)
    # The form that stands there keeps its token, whatever the first press brings.
    sent = {"csrfmiddlewaretoken": page.context["csrf_token"]}
    answers = [browser.post(path, sent) for _press in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/staff-door/")] * 2
    assert browser.get(path)["Location"] == "/staff-door/"
    assert browser.get("/staff-door/factors/").status_code == 200
    colleague = sign_in(Client(), make_account("organiser"))
    same_colleague = sign_in(Client(), account)
    assert [one.post(path).status_code for one in (Client(), colleague, same_colleague)] == [410] * 3
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403


def test_looking_at_a_link_does_not_use_it(client: Client) -> None:
    token = issue_sign_in_link(make_account("organiser"), 60)
    for _ in range(2):
        client.get(f"/staff-door/{token}/")
        client.head(f"/staff-door/{token}/")
    assert SignInLink.objects.count() == 1
    assert Session.objects.count() == 0


@pytest.mark.parametrize(
    ("elsewhere", "status"),
    [
        ({}, 302),
        ({"REMOTE_ADDR": "::1"}, 302),
        ({"REMOTE_ADDR": "127.8.9.10"}, 302),
        ({"REMOTE_ADDR": "192.0.2.1"}, 403),
        ({"REMOTE_ADDR": ""}, 403),
        ({"headers": {"X-Forwarded-For": "127.0.0.1"}}, 403),
        ({"headers": {"Forwarded": "for=127.0.0.1"}}, 403),
        ({"HTTP_HOST": "testserver"}, 403),
        ({"headers": {"Origin": "https://festival.example"}}, 403),
    ],
)
def test_a_link_of_the_machine_itself(client: Client, elsewhere: dict[str, str], status: int) -> None:
    token = issue_sign_in_link(make_account("organiser"), 60, loopback_only=True)
    asked = {"HTTP_HOST": "localhost:8000", **elsewhere}
    opened = client.get(f"/staff-door/{token}/", **asked)  # type: ignore[arg-type]
    assert opened.status_code == (200 if status == 302 else 403)
    assert client.post(f"/staff-door/{token}/", **asked).status_code == status  # type: ignore[arg-type]
    assert SignInLink.objects.count() == (0 if status == 302 else 1)


def test_who_is_not_staff_is_led_to_the_staffs_door(client: Client) -> None:
    visitor = client.get("/staff/")
    participant = sign_in(Client(), make_account()).get("/staff/")
    assert visitor["Location"] == "/staff-door/?next=/staff/"
    assert participant["Location"] == "/staff-door/?next=/staff/"
    assert b"./run staff link" in client.get("/staff-door/lost/").content


def test_wagtails_own_doors_lead_to_ours(client: Client) -> None:
    assert client.get("/staff/login/")["Location"] == "/staff-door/"
    assert client.post("/staff/login/", {"username": "x", "password": "x"})["Location"] == "/staff-door/"
    sign_in(client, make_account("organiser"))
    assert client.get("/staff/account/")["Location"] == "/me/"
    assert client.get("/me/").status_code == 200
    assert client.get("/staff/logout/").status_code == 405
    response = client.post("/staff/logout/")
    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert Session.objects.count() == 0


@pytest.mark.parametrize(
    "path",
    [
        *("users/", "users/new/", "users/edit/1/", "groups/", "groups/new/"),
        *("password_reset/", "bulk/people/account/delete/", "bulk/people/account/assign_role/"),
    ],
)
def test_accounts_are_not_made_or_changed_by_hand(client: Client, path: str) -> None:
    sign_in(client, make_account("administrator"))
    assert [client.get(f"/staff/{path}").status_code, client.post(f"/staff/{path}").status_code] == [404, 404]
    assert Account.objects.count() == 1


@pytest.mark.parametrize("role", ["organiser", "administrator"])
def test_the_menu_does_not_lead_there(client: Client, role: str) -> None:
    sign_in(client, make_account(role))
    home = client.get("/staff/").content.decode()
    assert "Heron" in home
    assert [path for path in ("/staff/users/", "/staff/groups/", "gravatar") if path in home] == []


def test_staff_have_no_way_back_by_words(client: Client) -> None:
    sign_in(client, make_account("organiser"))
    assert client.post("/me/way-back/").status_code == 403
    assert b"To the staff screens" in client.get("/me/").content
