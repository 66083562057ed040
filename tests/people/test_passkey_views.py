"""The pages of passkeys, asked as a browser with JavaScript asks them, and as one that does otherwise."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tertulia.kit.limits import Limit
from tertulia.people.models import Account, Passkey, Session, SpentChallenge
from tertulia.people.queries import mark_to_keep
from tertulia.people.queries.held import identity_fields
from tertulia.people.views import door
from tests.factories import make_account, make_event
from tests.factories.passkeys import Device, make_passkey
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db
ADDRESS = "https://tertulia.example"
HERE: dict[str, Any] = {"HTTP_HOST": "tertulia.example", "secure": True}
PAGE, ADDING = "/me/passkeys/", "/me/passkeys/begin/"
COMING, ASKING = "/come-back/passkey/", "/come-back/passkey/begin/"


@pytest.fixture(autouse=True)
def public(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ADDRESS = ADDRESS
    settings.ALLOWED_HOSTS = ["tertulia.example", "localhost", "testserver"]
    monkeypatch.setattr(door, "WRONG_PHRASES", Limit(most=3, seconds=600))


@pytest.fixture
def device() -> Device:
    return Device(ADDRESS)


@pytest.fixture
def account() -> Account:
    return make_account()


@pytest.fixture
def inside(client: Client, account: Account) -> Client:
    return sign_in(client, account)


def asked(client: Client, begin: str) -> dict[str, Any]:
    """What the page's script is told to ask the device."""
    answer = client.post(begin, **HERE)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert "no-store" in answer["Cache-Control"]
    told: dict[str, Any] = json.loads(answer.content)
    return told


def add(client: Client, device: Device, **manner: Any) -> Any:
    return client.post(PAGE, {"answer": device.make(asked(client, ADDING), **manner)}, **HERE)


def come_back(client: Client, device: Device, **more: Any) -> Any:
    answer = device.prove(asked(client, ASKING))
    return client.post(COMING, {"answer": answer}, **HERE, **more)


def carried(client: Client) -> list[str]:
    return [name for name in client.cookies if client.cookies[name].value and not name.startswith(("s", "c"))]


def test_one_adds_it_leaves_and_comes_back(inside: Client, device: Device, account: Account) -> None:
    added = add(inside, device)
    assert (added.status_code, added["Location"]) == (302, PAGE)
    number = Passkey.objects.get().number
    page = inside.get(PAGE, **HERE).content.decode()
    assert f"Passkey {number} is added." in page
    assert f"/me/passkeys/{number}/remove/" in page
    assert "You have 1 passkey." in inside.get("/me/", **HERE).content.decode()
    elsewhere = Client()
    back = come_back(elsewhere, device)
    assert (back.status_code, back["Location"]) == (302, "/me/")
    assert elsewhere.get("/me/", **HERE).status_code == 200
    assert (carried(inside), carried(elsewhere)) == ([], [])


def test_it_says_before_what_stays_where(inside: Client, settings: Settings) -> None:
    settings.APP_NAME = "Plain word"
    page = inside.get(PAGE, **HERE).content.decode()
    assert page.index("“Plain word” with a number") < page.index("data-passkey")
    assert "tertulia.example</bdi>" in page
    assert "data-passkey" in inside.get("/come-back/", **HERE).content.decode()


@pytest.mark.parametrize("next_page", ["/events/", "//evil.example", ""])
def test_one_is_led_on_within_this_site_only(inside: Client, device: Device, account: Account, next_page: str) -> None:
    make_passkey(account, device)
    elsewhere = Client()
    answer = device.prove(asked(elsewhere, ASKING))
    back = elsewhere.post(COMING, {"answer": answer, "next": next_page}, **HERE)
    assert back["Location"] == ("/events/" if next_page == "/events/" else "/me/")
    page = inside.get(PAGE, {"next": next_page}, **HERE).content.decode()
    assert re.findall(r'<p class="onward"><a href="([^"]*)"', page) == {"/events/": ["/events/"], "": []}.get(
        next_page, ["/me/"]
    )


@pytest.mark.parametrize(("device_is", "days"), [("own", 30), ("shared", 0), ("", 0), (None, 0)])
def test_one_stays_where_one_calls_the_device_ones_own(
    client: Client, device: Device, account: Account, device_is: str | None, days: int
) -> None:
    make_passkey(account, device)
    sent = {"answer": device.prove(asked(client, ASKING))} | ({} if device_is is None else {"device": device_is})
    assert client.post(COMING, sent, **HERE).cookies["s"]["max-age"] == (days * 86_400 or "")


class TestRefused:
    """A clear answer, and nothing is kept."""

    def test_all_wrong_answers_alike(self, device: Device, account: Account) -> None:
        make_passkey(account, device)
        unknown = Device(ADDRESS)
        make_passkey(account, unknown).delete()
        told = []
        for number, answer in enumerate(
            [
                lambda client: device.prove(asked(client, ASKING), origin="https://evil.example"),
                lambda client: device.prove(asked(client, ASKING), is_damaged=True),
                lambda client: unknown.prove(asked(client, ASKING)),
                lambda client: asked(client, ASKING) and "",
                lambda client: asked(client, ASKING) and "x" * 100_000,
                lambda _client: device.prove(asked(Client(), ASKING)),
            ]
        ):
            client = Client()
            refused = client.post(COMING, {"answer": answer(client)}, **HERE, REMOTE_ADDR=f"192.0.2.{number}")
            told.append((refused.status_code, refused.context["why_no_passkey"], carried(client)))
        assert told == [(422, told[0][1], [])] * 6
        assert "This passkey opened nothing here" in told[0][1]
        assert (Session.objects.count(), SpentChallenge.objects.count()) == (0, 2)

    def test_wrong_ones_and_wrong_words_are_counted_together(self, device: Device, account: Account) -> None:
        make_passkey(account, device)
        from_one = {"REMOTE_ADDR": "192.0.2.1"}
        statuses = [
            Client().post(COMING, {"answer": ""}, **HERE, **from_one).status_code,
            Client().post("/come-back/", {"phrase": "abacus " * 6}, **HERE, **from_one).status_code,
            Client().post(COMING, {"answer": ""}, **HERE, **from_one).status_code,
            Client().post(COMING, {"answer": ""}, **HERE, **from_one).status_code,
            Client().post("/come-back/", {"phrase": "abacus " * 6}, **HERE, **from_one).status_code,
        ]
        assert statuses == [422, 422, 422, 429, 429]
        assert come_back(Client(), device, **from_one).status_code == 302

    def test_one_that_took_longer_than_five_minutes(
        self, inside: Client, device: Device, account: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_passkey(account, device)
        elsewhere = Client()
        making, proof = device.make(asked(inside, ADDING)), device.prove(asked(elsewhere, ASKING))
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + 301)
        assert inside.post(PAGE, {"answer": making}, **HERE).status_code == 422
        assert elsewhere.post(COMING, {"answer": proof}, **HERE).status_code == 422
        assert Passkey.objects.count() == 1

    def test_one_that_was_copied_on_its_way(self, device: Device, account: Account) -> None:
        make_passkey(account, device)
        first, second = Client(), Client()
        answer = device.prove(asked(first, ASKING))
        second.cookies["p"] = first.cookies["p"].value
        assert first.post(COMING, {"answer": answer}, **HERE).status_code == 302
        assert second.post(COMING, {"answer": answer}, **HERE).status_code == 422
        assert Session.objects.count() == 1

    def test_one_that_somebody_else_was_asked_for(self, inside: Client, device: Device) -> None:
        other = sign_in(Client(), make_account())
        answer = device.make(asked(other, ADDING))
        inside.cookies["p"] = other.cookies["p"].value
        assert inside.post(PAGE, {"answer": answer}, **HERE).status_code == 422
        answer = device.make(asked(other, ADDING))
        # What was asked in order to add one does not let anybody in, nor the other way round.
        stranger = Client()
        stranger.cookies["p"] = other.cookies["p"].value
        assert stranger.post(COMING, {"answer": answer}, **HERE).status_code == 422
        assert not Passkey.objects.exists()

    @pytest.mark.parametrize("cookie", ["", "x", "AAAA", "é"])
    def test_a_cookie_that_is_none_of_ours(self, inside: Client, device: Device, cookie: str) -> None:
        answer = device.make(asked(inside, ADDING))
        inside.cookies["p"] = cookie
        refused = inside.post(PAGE, {"answer": answer}, **HERE)
        assert refused.status_code == 422
        assert "No passkey was added" in refused.content.decode()

    def test_without_a_session_one_is_led_to_come_back(self) -> None:
        for path in (PAGE, ADDING, "/me/passkeys/47/remove/"):
            answer = Client().post(path, **HERE)
            assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/come-back/")

    def test_staff_have_passkeys_of_another_kind(self, client: Client) -> None:
        sign_in(client, make_account("organiser"))
        assert [client.get(PAGE, **HERE).status_code, client.post(ADDING, **HERE).status_code] == [403, 403]
        assert PAGE not in client.get("/me/", **HERE).content.decode()


class TestElsewhere:
    """Where there can be none, nothing is offered, and one line says why."""

    @pytest.mark.parametrize(
        ("address", "host"),
        [
            ("http://127.0.0.1:8000", "127.0.0.1"),
            ("http://tertulia.example", "tertulia.example"),
            (ADDRESS, "localhost"),
        ],
    )
    def test_nothing_is_offered(self, inside: Client, settings: Settings, address: str, host: str) -> None:
        settings.ADDRESS = address
        settings.ALLOWED_HOSTS = [host]
        there = {"HTTP_HOST": host}
        page = inside.get(PAGE, **there).content.decode()
        assert "Passkeys work only at the public address" in page
        assert "passkey" not in Client().get("/come-back/", **there).content.decode()
        assert "Passkeys" not in inside.get("/me/", **there).content.decode()
        assert [inside.post(path, **there).status_code for path in (ADDING, ASKING)] == [404, 404]

    def test_on_this_machine_under_its_name(self, inside: Client, settings: Settings) -> None:
        settings.ADDRESS = "http://localhost:8010"
        device = Device("http://localhost:8010")
        there: dict[str, Any] = {"HTTP_HOST": "localhost:8010"}
        told = json.loads(inside.post(ADDING, **there).content)
        assert told["rp"]["id"] == "localhost"
        assert inside.post(PAGE, {"answer": device.make(told)}, **there).status_code == 302


class TestRemoving:
    def test_one_removes_it(self, inside: Client, account: Account) -> None:
        passkey = make_passkey(account)
        other = sign_in(Client(), account)
        answer = inside.post(f"/me/passkeys/{passkey.number}/remove/", **HERE, follow=True)
        assert f"Passkey {passkey.number} is removed." in answer.content.decode()
        assert [one.get("/me/", **HERE).status_code for one in (inside, other)] == [200, 302]
        assert inside.post(f"/me/passkeys/{passkey.number}/remove/", **HERE).status_code == 404

    def test_with_an_eleventh_the_form_goes(self, inside: Client, account: Account) -> None:
        for _time in range(9):
            make_passkey(account)
        assert "data-passkey" in inside.get(PAGE, **HERE).content.decode()
        make_passkey(account)
        page = inside.get(PAGE, **HERE).content.decode()
        assert "data-passkey" not in page
        assert "You have ten passkeys" in page

    @pytest.mark.parametrize("stays", [True, False])
    def test_a_new_way_back_asks(self, inside: Client, account: Account, stays: bool) -> None:
        make_passkey(account)
        page = inside.post("/me/way-back/", {"kind": "words"}, **HERE, follow=True).content.decode()
        assert "Your passkeys end too" in page
        sent = {"mark": mark_to_keep(account)} | ({"passkeys_stay": "yes"} if stays else {})
        assert inside.post("/me/way-back/keep/", sent, **HERE).status_code == 302
        assert Passkey.objects.exists() == stays

    def test_without_passkeys_it_does_not_ask(self, inside: Client, account: Account) -> None:
        page = inside.post("/me/way-back/", {"kind": "words"}, **HERE, follow=True).content.decode()
        assert "passkeys_stay" not in page
        assert account.passkeys.count() == 0

    def test_deleting_oneself_says_so(self, inside: Client, account: Account) -> None:
        assert "passkeys" not in inside.get("/me/delete/", **HERE).content.decode()
        make_passkey(account)
        assert "Delete them from the list on your device too" in inside.get("/me/delete/", **HERE).content.decode()


def test_it_stands_among_what_is_held(inside: Client, account: Account) -> None:
    passkey = make_passkey(account)
    told = json.loads(inside.get("/me/what-we-know.json", **HERE).content)["sections"]
    (rows,) = [section["held"] for section in told if section["name"] == "passkeys"]
    assert [(row["what"], row["take_back"]) for row in rows] == [(f"Passkey {passkey.number}", PAGE)]
    assert identity_fields(account) == ["account", "way_back", "passkey"]


def test_it_asks_the_same_number_of_times(inside: Client, account: Account) -> None:
    counts = []
    for _round in range(3):
        make_passkey(account)
        with CaptureQueriesContext(connection) as queries:
            assert inside.get(PAGE, **HERE).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_who_has_just_come_is_offered_one_beside_the_words(client: Client, settings: Settings) -> None:
    make_event("nights")
    come_in = "/events/nights/join/"
    page = client.post(come_in, {"chosen_name": "Wren", "kind": "words"}, **HERE, follow=True).content.decode()
    assert f'href="{PAGE}?next=/events/nights/"' in page
    settings.ADDRESS = "http://127.0.0.1:8000"
    page = Client().post(come_in, {"chosen_name": "Heron", "kind": "words"}, **HERE, follow=True).content.decode()
    assert 'id="words"' in page
    assert PAGE not in page
