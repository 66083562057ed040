"""Coming in with a passkey, and what a stranger makes up."""

from __future__ import annotations

import json

import pytest
import time_machine
from allauth.mfa.models import Authenticator

from tertulia.people import actions
from tertulia.people.models import Session, SpentChallenge
from tertulia.people.queries.factor import factors_of
from tests.factories.passkeys import Device, EcKey, Manner
from tests.factories.people import sign_in
from tests.people.factors.conftest import SITE
from tests.people.factors.ways import browser, colleague_with_passkey, enter, invited, is_in

pytestmark = pytest.mark.django_db


ELSEWHERE = ["https://localhost", "http://sub.localhost", "http://localhost:8000", "http://evil.example"]


class TestPasskeys:
    @pytest.mark.parametrize("origin", ELSEWHERE)
    def test_one_that_was_used_on_another_site_opens_nothing(self, origin: str) -> None:
        _account, device = colleague_with_passkey()
        device.manner = Manner(origin=origin)
        client = browser()
        assert enter(client, device).status_code == 422
        assert not is_in(client)

    def test_an_answer_opens_once_and_in_the_browser_that_asked(self) -> None:
        _account, device = colleague_with_passkey()
        client, other = browser(), browser()
        answer = device.prove(client.post("/staff-door/passkey/begin/").json())
        other.post("/staff-door/passkey/begin/")
        assert other.post("/staff-door/passkey/", {"answer": answer}).status_code == 422
        assert browser().post("/staff-door/passkey/", {"answer": answer}).status_code == 422
        assert client.post("/staff-door/passkey/", {"answer": answer}).status_code == 302
        client.post("/leave/")
        assert client.post("/staff-door/passkey/", {"answer": answer}).status_code == 422

    def test_an_answer_that_was_copied_with_its_cookie_opens_nothing_again(self) -> None:
        account, device = colleague_with_passkey()
        client = browser()
        answer = device.prove(client.post("/staff-door/passkey/begin/").json())
        copied = client.cookies["p"].value
        for status in (302, 422):
            client.cookies["p"] = copied
            assert client.post("/staff-door/passkey/", {"answer": answer}).status_code == status
            client.post("/leave/")
        inside, account = invited()
        made = Device(SITE).make(inside.post("/staff-door/factors/passkey/begin/").json())
        copied = inside.cookies["p"].value
        for status in (302, 422):
            actions.issue_sign_in_link(account, 60)
            inside, _account = sign_in(browser(), account), account
            session = inside.session
            session["came"] = "invitation"
            session.save()
            inside.cookies["p"] = copied
            assert inside.post("/staff-door/factors/passkey/", {"name": "x", "answer": made}).status_code == status

    @pytest.mark.parametrize(("seconds", "status"), [(299, 302), (300, 422)])
    def test_an_answer_that_takes_more_than_five_minutes(
        self, clock: time_machine.Traveller, seconds: int, status: int
    ) -> None:
        _account, device = colleague_with_passkey()
        client, (inside, _newly) = browser(), invited()
        answer = device.prove(client.post("/staff-door/passkey/begin/").json())
        made = Device(SITE).make(inside.post("/staff-door/factors/passkey/begin/").json())
        clock.shift(seconds)
        assert client.post("/staff-door/passkey/", {"answer": answer}).status_code == status
        assert inside.post("/staff-door/factors/passkey/", {"name": "x", "answer": made}).status_code == status

    def test_who_begins_and_never_answers_leaves_nothing(self) -> None:
        for _each in range(3):
            assert browser().post("/staff-door/passkey/begin/").status_code == 200
        assert (Session.objects.count(), SpentChallenge.objects.count()) == (0, 0)

    def test_a_wrong_answer_uses_up_what_was_begun(self) -> None:
        _account, device = colleague_with_passkey()
        client = browser()
        answer = device.prove(client.post("/staff-door/passkey/begin/").json())
        assert client.post("/staff-door/passkey/", {"answer": "{}"}).status_code == 422
        assert client.post("/staff-door/passkey/", {"answer": answer}).status_code == 422

    def test_a_wrong_answer_uses_up_what_was_begun_to_be_made(self) -> None:
        client, account = invited()
        answer = Device(SITE).make(client.post("/staff-door/factors/passkey/begin/").json())
        for sent in ("{}", answer):
            assert client.post("/staff-door/factors/passkey/", {"name": "x", "answer": sent}).status_code == 422
        assert factors_of(account) == []

    def test_one_that_was_begun_to_be_made_does_not_open(self) -> None:
        account, device = colleague_with_passkey()
        client = sign_in(browser(), account)
        client.post(f"/staff-door/{actions.issue_sign_in_link(account, 60)}/")
        begun = client.post("/staff-door/factors/passkey/begin/").json()
        asked = {"challenge": begun["challenge"], "rpId": begun["rp"]["id"]}
        assert client.post("/staff-door/passkey/", {"answer": device.prove(asked)}).status_code == 422

    def test_another_key_in_the_name_of_a_colleague_opens_nothing(self) -> None:
        _account, device = colleague_with_passkey()
        ((name, (_key, handle)),) = device.kept.items()
        forged = Device(SITE, kept={name: (EcKey(), handle)})
        assert enter(browser(), forged).status_code == 422

    @pytest.mark.parametrize(
        "answer",
        [
            *("", "x", "[]", "null", "1", '"x"', "{}", '{"id": 1}', "[" * 5_000, "{" * 20_000, "\x00"),
            '{"id": "", "rawId": "", "type": "public-key", "response": {}}',
            '{"id": "x", "rawId": "eA", "type": "public-key", "response": "x"}',
        ],
    )
    def test_what_a_stranger_makes_up_is_refused(self, answer: str) -> None:
        inside, _account = invited()
        for path, client in (("/staff-door/passkey/", browser()), ("/staff-door/factors/passkey/", inside)):
            client.post(f"{path}begin/")
            assert client.post(path, {"answer": answer, "name": "x"}).status_code == 422

    @pytest.mark.parametrize("owner", [b"", b"x", b"-1", b"9" * 30, b"\xff", b"1"])
    def test_an_owner_who_is_not_there_is_refused(self, owner: bytes) -> None:
        _account, device = colleague_with_passkey()
        device.manner = Manner(handle=owner)
        assert enter(browser(), device).status_code == 422

    def test_changed_answers_are_refused(self) -> None:
        _account, device = colleague_with_passkey()
        for name in ("clientDataJSON", "authenticatorData", "signature"):
            client = browser()
            answer = json.loads(device.prove(client.post("/staff-door/passkey/begin/").json()))
            answer["response"][name] = answer["response"][name][:-8] + "AAAAAAAA"
            assert client.post("/staff-door/passkey/", {"answer": json.dumps(answer)}).status_code == 422

    def test_a_dismissed_colleague_does_not_come_in(self) -> None:
        account, device = colleague_with_passkey()
        actions.dismiss(account)
        assert enter(browser(), device).status_code == 422
        assert Authenticator.objects.count() == 0
