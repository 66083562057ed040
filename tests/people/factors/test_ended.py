"""A dismissal and a new link win over what is on the way: nobody comes in, or keeps a factor, with what they ended."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection

from tertulia.people import actions
from tertulia.people.actions import ceremony
from tertulia.people.models import Account, Session, SignInLink
from tests.factories import make_account
from tests.factories.passkeys import Device
from tests.factories.people import sign_in
from tests.people.beside import one_after_the_other
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
    with_passkey,
)

End = Callable[[Account], object]


def dismissed(account: Account) -> object:
    return actions.dismiss(Account.objects.get(pk=account.pk))


def with_a_new_link(account: Account) -> object:
    return actions.issue_sign_in_link(Account.objects.get(pk=account.pk), 60)


ends = pytest.mark.parametrize("end", [dismissed, with_a_new_link])


def ended_after(monkeypatch: pytest.MonkeyPatch, place: ModuleType, step: str, account: Account, end: End) -> None:
    """Just after that `step`, and before anything that follows it, the account is ended."""
    real = getattr(place, step)

    def done(*given: Any, **named: Any) -> Any:
        came_to = real(*given, **named)
        end(account)
        return came_to

    monkeypatch.setattr(place, step, done)


@pytest.mark.django_db
class TestBetween:
    @ends
    def test_an_answer_of_a_passkey(self, monkeypatch: pytest.MonkeyPatch, end: End) -> None:
        account, device = colleague_with_passkey()
        ended_after(monkeypatch, ceremony, "used", account, end)
        assert enter(browser(), device).status_code == 422
        assert not Session.objects.filter(account=account).exists()

    @ends
    def test_a_passkey_that_an_older_link_set_up(self, monkeypatch: pytest.MonkeyPatch, end: End) -> None:
        client, account = invited()
        ended_after(monkeypatch, ceremony, "added", account, end)
        assert with_passkey(client, Device(SITE))["Location"] == "/staff-door/"
        assert (Authenticator.objects.count(), Session.objects.filter(account=account).count()) == (0, 0)

    @ends
    def test_a_session_that_began_a_moment_ago(self, monkeypatch: pytest.MonkeyPatch, end: End) -> None:
        """It is ended with all others: its row is not written afterwards, with the answer."""
        account, device = colleague_with_passkey()
        ended_after(monkeypatch, actions, "enter_with_passkey", account, end)
        assert enter(browser(), device).status_code == 400
        client, newly = invited()
        ended_after(monkeypatch, actions, "keep_passkey", newly, end)
        assert with_passkey(client, Device(SITE)).status_code == 400
        late, link = make_account("organiser"), browser()
        path = f"/staff-door/{actions.issue_sign_in_link(late, 60)}/"
        ended_after(monkeypatch, actions, "enter_by_link", late, end)
        assert link.post(path).status_code == 400
        assert not Session.objects.filter(account__in=[account, newly, late]).exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets nobody write while somebody does")
@pytest.mark.django_db(transaction=True)
class TestBeside:
    """The ending is first in the queue for the account; what comes second was begun before it had ended."""

    def second(self, account: Account, end: End, way: Callable[[], Any]) -> Any:
        first, answer = one_after_the_other(Account.objects.filter(pk=account.pk), lambda: end(account), way)
        assert not isinstance(first, Exception)
        return answer

    @ends
    def test_a_passkey_and_codes(self, end: End, clock: time_machine.Traveller) -> None:
        account, secret = colleague_with_app(clock)
        code = code_of(secret)
        assert self.second(account, end, lambda: enter_by_code(browser(), account, code)).status_code == 422
        account, device = colleague_with_passkey()
        assert self.second(account, end, lambda: enter(browser(), device)).status_code == 422
        assert Session.objects.filter(account__isnull=False).count() == 0

    @ends
    def test_an_app_and_a_passkey_of_an_older_link(self, end: End) -> None:
        client, account = invited()
        page = client.get("/staff-door/factors/app/")
        sent = {"box": page.context["form"]["box"].value(), "code": code_of(str(page.context["secret"]))}
        sent |= {"password": PASSWORD, "again": PASSWORD}
        self.second(account, end, lambda: client.post("/staff-door/factors/app/", sent))
        other, colleague = invited()
        begun = other.post("/staff-door/factors/passkey/begin/").json()
        told = {"name": "phone", "answer": Device(SITE).make(begun)}
        self.second(colleague, end, lambda: other.post("/staff-door/factors/passkey/", told))
        assert (Authenticator.objects.count(), Session.objects.filter(account__isnull=False).count()) == (0, 0)

    @ends
    def test_an_older_link(self, end: End) -> None:
        account, client = make_account("organiser"), browser()
        path = f"/staff-door/{actions.issue_sign_in_link(account, 60)}/"
        assert self.second(account, end, lambda: client.post(path)).status_code == 410
        assert (Session.objects.count(), SignInLink.objects.count()) == (0, int(end is with_a_new_link))

    def test_a_role_for_who_is_dismissed(self) -> None:
        account, administrator = make_account("organiser"), make_account("administrator")
        client = sign_in(browser(), administrator)
        path = f"/staff/colleagues/{account.public_id}/appoint/"
        answer = self.second(account, dismissed, lambda: client.post(path, {"role": "editor"}))
        assert (answer.status_code, account.appointments.count()) == (422, 0)
