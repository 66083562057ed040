"""Setting up a factor, changing it, and removing it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine

from tertulia.kit.errors import Gone, Invalid, NotAllowed
from tertulia.people import actions
from tertulia.people.models import FactorKind, Session
from tertulia.people.queries.factor import factors_of, recovery_codes, secret_in
from tests.factories import make_account
from tests.factories.passkeys import FLAG, Device, Manner
from tests.factories.people import sign_in
from tests.people.factors.conftest import SITE
from tests.people.factors.ways import (
    PASSWORD,
    browser,
    code_of,
    colleague_with_app,
    colleague_with_passkey,
    enter,
    enter_by_code,
    invited,
    is_in,
    with_app,
    with_passkey,
)

pytestmark = pytest.mark.django_db


class TestSettingUp:
    def test_a_passkey_opens_the_staff_screens_and_the_door_later(self) -> None:
        client, account = invited()
        device = Device(SITE)
        assert not is_in(client)
        assert with_passkey(client, device)["Location"] == "/staff-door/factors/"
        assert is_in(client)
        assert [(one.kind, one.name) for one in factors_of(account)] == [(FactorKind.PASSKEY, "phone")]
        other = browser()
        assert enter(other, device)["Location"] == "/staff/"
        assert is_in(other)

    def test_password_and_app_open_them_too(self, clock: time_machine.Traveller) -> None:
        client, account = invited()
        secret = with_app(client)
        assert is_in(client)
        clock.shift(timedelta(seconds=30))
        other = browser()
        assert enter_by_code(other, account, code_of(secret))["Location"] == "/staff/"
        assert is_in(other)

    def test_the_session_is_another_one_afterwards(self) -> None:
        client, _account = invited()
        before = Session.objects.get().token_hash
        with_passkey(client, Device(SITE))
        assert bytes(Session.objects.get().token_hash) != bytes(before)

    @pytest.mark.parametrize("password", ["short", "907164835201", "qwerty123456", "blue heron desk"])
    def test_a_password_that_is_easily_guessed_is_refused(self, password: str) -> None:
        client, account = invited("organiser", "Blue heron desk")
        page = client.get("/staff-door/factors/app/")
        sent = {"box": page.context["form"]["box"].value(), "code": code_of(page.context["secret"])}
        answer = client.post("/staff-door/factors/app/", sent | {"password": password, "again": password})
        assert (answer.status_code, factors_of(account)) == (422, [])

    def test_a_wrong_first_code_and_two_passwords_set_up_nothing(self) -> None:
        client, account = invited()
        page = client.get("/staff-door/factors/app/")
        box, code = page.context["form"]["box"].value(), code_of(page.context["secret"])
        for wrong in ({"code": "000000"}, {"again": "another one altogether"}, {"box": "x"}):
            sent = {"box": box, "code": code, "password": PASSWORD, "again": PASSWORD} | wrong
            assert client.post("/staff-door/factors/app/", sent).status_code in {302, 422}
            assert factors_of(account) == []
        account.refresh_from_db()
        assert account.password == ""

    def test_a_page_that_waited_for_long_begins_again(self, clock: time_machine.Traveller) -> None:
        client, account = invited()
        page = client.get("/staff-door/factors/app/")
        clock.shift(timedelta(minutes=31))
        with pytest.raises(Gone):
            secret_in(page.context["form"]["box"].value(), account)
        with pytest.raises(Gone):
            secret_in(page.context["form"]["box"].value(), make_account("organiser"))

    def test_the_device_is_asked_to_keep_it_and_to_ask_for_a_finger(self) -> None:
        client, _account = invited()
        asked = client.post("/staff-door/factors/passkey/begin/").json()
        wanted = asked["authenticatorSelection"]
        assert (wanted["residentKey"], wanted["userVerification"]) == ("required", "required")
        assert asked["rp"]["id"] == "localhost"
        assert client.post("/staff-door/passkey/begin/").json()["userVerification"] == "required"

    def test_neither_device_nor_app_is_told_a_name(self) -> None:
        client, account = invited(pseudonym="Blue heron desk")
        asked = client.post("/staff-door/factors/passkey/begin/").json()
        assert (asked["user"]["name"], asked["user"]["displayName"]) == ("Tertulia", "Tertulia")
        page = client.get("/staff-door/factors/app/").context
        assert page["address"] == f"otpauth://totp/Tertulia?secret={page['secret']}&issuer=Tertulia"
        told = json.dumps(asked) + page["address"]
        assert [word for word in (*account.pseudonym.split(), account.public_id) if word in told] == []

    def test_a_passkey_that_asks_for_no_finger_is_refused(self) -> None:
        client, account = invited()
        assert with_passkey(client, Device(SITE, Manner(flags=FLAG.UP))).status_code == 422
        assert factors_of(account) == []
        account, device = colleague_with_passkey()
        device.manner = Manner(flags=FLAG.UP)
        assert enter(browser(), device).status_code == 422


class TestChanging:
    def test_it_asks_once_more(self, clock: time_machine.Traveller) -> None:
        account, secret = colleague_with_app(clock)
        client = browser()
        enter_by_code(client, account, code_of(secret))
        for path in ("app/", "passkey/", f"{factors_of(account)[0].key}/remove/"):
            page = client.get(f"/staff-door/factors/{path}")
            assert page["Location"] == f"/staff-door/prove/?next=%2Fstaff-door%2Ffactors%2F{path.replace('/', '%2F')}"
        assert client.post("/staff-door/factors/codes/").status_code == 302
        assert client.post("/staff-door/factors/passkey/begin/").status_code == 302
        assert client.post("/staff-door/prove/", {"password": PASSWORD, "code": "000000"}).status_code == 422
        clock.shift(timedelta(seconds=30))
        onward = {"password": PASSWORD, "code": code_of(secret), "next": "/staff-door/factors/passkey/"}
        assert client.post("/staff-door/prove/", onward)["Location"] == "/staff-door/factors/passkey/"
        assert with_passkey(client, Device(SITE)).status_code == 302
        # Once: the next change asks again.
        assert client.get("/staff-door/factors/passkey/").status_code == 302
        assert len(factors_of(account)) == 2

    def test_a_passkey_proves_it_too_and_a_colleagues_does_not(self) -> None:
        _account, device = colleague_with_passkey()
        _other, others = colleague_with_passkey()
        client = browser()
        enter(client, device)
        for key, status in ((others, 422), (device, 302)):
            begun = client.post("/staff-door/passkey/begin/").json()
            answer = client.post("/staff-door/prove/passkey/", {"answer": key.prove(begun)})
            assert answer.status_code == status
        assert client.get("/staff-door/factors/passkey/").status_code == 200

    def test_never_the_last_one(self) -> None:
        account, _device = colleague_with_passkey()
        key = factors_of(account)[0].key
        with pytest.raises(NotAllowed):
            actions.remove_factor(account, key)
        actions.add_staff_passkey(account, "second", {})
        actions.remove_factor(account, key)
        assert [one.name for one in factors_of(account)] == ["second"]

    def test_nor_what_belongs_to_another(self) -> None:
        account, _device = colleague_with_passkey()
        other, _others = colleague_with_passkey()
        actions.add_staff_passkey(account, "second", {})
        with pytest.raises(Gone):
            actions.remove_factor(account, factors_of(other)[0].key)
        assert len(factors_of(other)) == 1

    def test_removing_ends_other_sessions_and_the_password_with_the_app(self, clock: time_machine.Traveller) -> None:
        account, secret = colleague_with_app(clock)
        client, elsewhere = sign_in(browser(), account), sign_in(browser(), account)
        client.post("/staff-door/prove/", {"password": PASSWORD, "code": code_of(secret)})
        with_passkey(client, Device(SITE))
        clock.shift(timedelta(seconds=60))
        client.post("/staff-door/prove/", {"password": PASSWORD, "code": code_of(secret)})
        app = next(one for one in factors_of(account) if one.kind == FactorKind.APP)
        path = f"/staff-door/factors/{app.key}/remove/"
        assert client.get(path).status_code == 200
        assert client.post(path)["Location"] == "/staff-door/factors/"
        account.refresh_from_db()
        assert (account.password, recovery_codes(account), len(factors_of(account))) == ("", None, 1)
        assert (is_in(client), is_in(elsewhere)) == (True, False)

    def test_removing_a_passkey_ends_other_sessions_too(self) -> None:
        client, account = invited()
        first, elsewhere = Device(SITE), browser()
        with_passkey(client, first)
        key = factors_of(account)[0].key
        for change in ("add", "remove"):
            begun = client.post("/staff-door/passkey/begin/").json()
            client.post("/staff-door/prove/passkey/", {"answer": first.prove(begun)})
            if change == "add":
                with_passkey(client, Device(SITE))
        enter(elsewhere, first)
        assert client.post(f"/staff-door/factors/{key}/remove/")["Location"] == "/staff-door/factors/"
        assert (is_in(client), is_in(elsewhere), len(factors_of(account))) == (True, False, 1)

    def test_ten_are_enough(self) -> None:
        account = make_account("organiser")
        for place in range(10):
            actions.add_staff_passkey(account, f"{place}", {})
        with pytest.raises(Invalid) as refused:
            actions.add_staff_passkey(account, "one more", {})
        assert refused.value.where == "name"
        assert len(factors_of(account)) == 10
