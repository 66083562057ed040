"""Coming in with a password and a code, and wrong answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tertulia.kit.limits import Limit
from tertulia.people import actions
from tertulia.people.backends import Hasher
from tertulia.people.models import Session
from tertulia.people.queries.factor import recovery_codes
from tertulia.people.tasks import forget_used_codes
from tertulia.people.views import access
from tests.factories import make_account
from tests.factories.people import sign_in
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
)

pytestmark = pytest.mark.django_db


class TestCodes:
    def test_a_code_opens_once(self, clock: time_machine.Traveller) -> None:
        account, secret = colleague_with_app(clock)
        code = code_of(secret)
        assert [enter_by_code(browser(), account, code).status_code for _try in range(2)] == [302, 422]
        clock.shift(timedelta(seconds=30))
        assert enter_by_code(browser(), account, code).status_code == 422
        assert enter_by_code(browser(), account, code_of(secret)).status_code == 302

    def test_the_code_that_set_it_up_does_not_open(self) -> None:
        client, account = invited()
        secret = with_app(client)
        assert enter_by_code(browser(), account, code_of(secret)).status_code == 422

    @pytest.mark.parametrize(("seconds", "status"), [(-40, 422), (-30, 302), (30, 302), (65, 422)])
    def test_a_clock_may_be_half_a_minute_wrong(self, clock: time_machine.Traveller, seconds: int, status: int) -> None:
        account, secret = colleague_with_app(clock)
        code = code_of(secret)
        clock.shift(timedelta(seconds=seconds))
        assert enter_by_code(browser(), account, code).status_code == status

    def test_what_was_used_is_forgotten_when_it_opens_nothing_any_more(self, clock: time_machine.Traveller) -> None:
        account, secret = colleague_with_app(clock)
        code = code_of(secret)
        enter_by_code(browser(), account, code)
        for later in (0, 60):
            clock.shift(timedelta(seconds=later))
            forget_used_codes()
            assert enter_by_code(browser(), account, code).status_code == 422
        assert "used" in Authenticator.objects.get(type="totp").data
        clock.shift(timedelta(seconds=60))
        forget_used_codes()
        assert "used" not in Authenticator.objects.get(type="totp").data
        assert enter_by_code(browser(), account, code).status_code == 422

    def test_a_recovery_code_stands_in_once(self, clock: time_machine.Traveller) -> None:
        account, _secret = colleague_with_app(clock)
        code = (recovery_codes(account) or [])[3]
        assert [enter_by_code(browser(), account, code).status_code for _try in range(2)] == [302, 422]
        assert len(recovery_codes(account) or []) == 9

    def test_new_recovery_codes_end_the_old_ones(self, clock: time_machine.Traveller) -> None:
        account, _secret = colleague_with_app(clock)
        old = (recovery_codes(account) or [])[0]
        actions.make_recovery_codes(account)
        assert enter_by_code(browser(), account, old).status_code == 422
        assert enter_by_code(browser(), account, (recovery_codes(account) or [])[0]).status_code == 302

    def test_they_are_shown_with_the_answer_to_a_post_and_no_look_uses_them_up(
        self, clock: time_machine.Traveller
    ) -> None:
        client, account = invited()
        page = client.get("/staff-door/factors/app/").context
        sent = {"box": page["form"]["box"].value(), "code": code_of(page["secret"])}
        answer = client.post("/staff-door/factors/app/", sent | {"password": PASSWORD, "again": PASSWORD})
        assert answer.context["codes"] == recovery_codes(account)
        clock.shift(timedelta(seconds=30))
        client.post("/staff-door/prove/", {"password": PASSWORD, "code": code_of(page["secret"])})
        for look in (client.head, client.get):
            assert look("/staff-door/factors/codes/").status_code == 200
            assert recovery_codes(account) == answer.context["codes"]
        again = client.post("/staff-door/factors/codes/").context["codes"]
        assert (again, set(again) & set(answer.context["codes"])) == (recovery_codes(account), set())
        assert client.get("/staff-door/factors/codes/").context["codes"] is None
        assert client.post("/staff-door/factors/codes/").status_code == 302

    def test_codes_and_password_alone_open_nothing(self, clock: time_machine.Traveller) -> None:
        account, secret = colleague_with_app(clock)
        for password, code in (("", code_of(secret)), ("another password", code_of(secret)), (PASSWORD, "")):
            client = browser()
            assert enter_by_code(client, account, code, password).status_code == 422
            assert not is_in(client)
        assert enter_by_code(browser(), account, code_of(secret)).status_code == 302

    def test_spaces_and_the_case_of_a_name_do_not_matter(self, clock: time_machine.Traveller) -> None:
        account, secret = colleague_with_app(clock)
        code = code_of(secret)
        sent = {"name": f" {account.pseudonym.upper()} ", "password": PASSWORD, "code": f"{code[:3]} {code[3:]}"}
        assert browser().post("/staff-door/", sent).status_code == 302

    def test_who_went_in_as_a_participant_is_somebody_else_afterwards(self, clock: time_machine.Traveller) -> None:
        account, secret = colleague_with_app(clock)
        client = sign_in(browser(), make_account())
        enter_by_code(client, account, code_of(secret))
        assert client.session[SESSION_KEY] == str(account.pk)
        assert is_in(client)

    def test_next_leads_on_within_the_site_alone(self, clock: time_machine.Traveller) -> None:
        account, secret = colleague_with_app(clock)
        sent = {"name": account.pseudonym, "password": PASSWORD}
        for asked, led in (("/staff/persons/", "/staff/persons/"), ("//evil.example/", "/staff/")):
            clock.shift(timedelta(seconds=30))
            answer = browser().post("/staff-door/", sent | {"code": code_of(secret), "next": asked})
            assert answer["Location"] == led


class TestWrongAnswers:
    def test_they_are_alike_whatever_is_wrong(self, clock: time_machine.Traveller) -> None:
        account, secret = colleague_with_app(clock)
        with_key, _device = colleague_with_passkey()
        answers = set()
        for name, password, code in (
            ("Nobody at all", PASSWORD, code_of(secret)),
            (account.pseudonym, "another password", code_of(secret)),
            (account.pseudonym, PASSWORD, "000000"),
            (with_key.pseudonym, PASSWORD, "000000"),
        ):
            page = browser().post("/staff-door/", {"name": name, "password": password, "code": code})
            told = page.content.decode().replace(name, "NAME").partition("<main")[2]
            answers.add((page.status_code, told.partition("csrfmiddlewaretoken")[0], told.count("NAME")))
            assert page.context["form"].errors == {
                "code": ["This did not open. Please look at name, password and code; a code works once."]
            }
        assert len(answers) == 1

    def test_they_cost_the_same_work(self, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> None:
        account, _secret = colleague_with_app(clock)
        with_key, _device = colleague_with_passkey()
        hashed: list[str] = []
        for name in ("encode", "verify"):
            real = getattr(Hasher, name)
            monkeypatch.setattr(Hasher, name, lambda *told, real=real: (hashed.append("once"), real(*told))[1])
        work = set()
        for name, password in ((account.pseudonym, "wrong"), ("Nobody", "wrong"), (with_key.pseudonym, "wrong")):
            hashed.clear()
            with CaptureQueriesContext(connection) as asked:
                browser().post("/staff-door/", {"name": name, "password": password, "code": "000000"})
            work.add((len(hashed), len(asked)))
        assert {hashes for hashes, _queries in work} == {1}
        # An account with recovery codes has one more row to read.
        assert max(queries for _hashes, queries in work) - min(queries for _hashes, queries in work) <= 1

    def test_a_network_waits_and_no_account_does(self, clock: time_machine.Traveller) -> None:
        account, secret = colleague_with_app(clock)
        bad = browser(REMOTE_ADDR="192.0.2.1")
        tries = [enter_by_code(bad, account, "000000", "wrong").status_code for _try in range(21)]
        assert tries == [422] * 20 + [429]
        assert enter_by_code(bad, account, code_of(secret)).status_code == 429
        good = browser(REMOTE_ADDR="192.0.2.2")
        assert enter_by_code(good, account, code_of(secret)).status_code == 302

    def test_who_knows_the_password_does_not_try_all_codes(self, clock: time_machine.Traveller) -> None:
        account, secret = colleague_with_app(clock)
        for place in range(10):
            enter_by_code(browser(REMOTE_ADDR=f"192.0.2.{place}"), account, "000000")
        assert enter_by_code(browser(REMOTE_ADDR="192.0.2.99"), account, code_of(secret)).status_code == 422

    def test_a_passkey_opens_where_a_network_waits(self) -> None:
        account, device = colleague_with_passkey()
        client = browser()
        for _try in range(21):
            enter_by_code(client, account, "000000", "wrong")
        assert enter_by_code(client, account, "000000").status_code == 429
        assert enter(client, device).status_code == 302

    def test_what_all_together_cost_is_bound(
        self, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A thousand wrong ones in ten minutes in life."""
        assert (access.ALL_WRONG_SIGN_INS.most, access.ALL_WRONG_SIGN_INS.seconds) == (1000, 600)
        monkeypatch.setattr(access, "ALL_WRONG_SIGN_INS", Limit(most=5, seconds=600, places=1))
        account, secret = colleague_with_app(clock)
        with_key, device = colleague_with_passkey()
        hashed: list[str] = []
        real = Hasher.verify
        monkeypatch.setattr(Hasher, "verify", lambda *told: (hashed.append("once"), real(*told))[1])
        tries = [
            enter_by_code(browser(REMOTE_ADDR=f"192.0.2.{place}"), account, "000000", "wrong").status_code
            for place in range(8)
        ]
        assert (tries, len(hashed)) == ([422] * 5 + [429] * 3, 5)
        refused = enter_by_code(browser(), account, code_of(secret))
        assert (refused.status_code, "from many networks" in refused.content.decode()) == (429, True)
        client = browser()
        assert (enter(client, device).status_code, is_in(client)) == (302, True)
        assert client.session[SESSION_KEY] == str(with_key.pk)

    def test_no_trace_is_left_of_who_tried(self) -> None:
        client = browser()
        for _try in range(3):
            client.post("/staff-door/", {"name": "Nobody", "password": "x", "code": "1"})
        assert Session.objects.count() == 0
