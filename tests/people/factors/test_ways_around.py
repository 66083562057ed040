"""A session that has shown no factor is nobody, whatever is tried."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from asgiref.sync import async_to_sync
from django.contrib.auth import get_user
from django.db import IntegrityError, transaction

from tertulia.kit.errors import NotAllowed
from tertulia.people import actions
from tertulia.people.models import Account, Session
from tertulia.people.queries.factor import recovery_codes
from tests.architecture.routes import addresses
from tests.factories import make_account
from tests.factories.passkeys import Device
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
    with_passkey,
)

pytestmark = pytest.mark.django_db


def test_another_password_ends_every_session() -> None:
    account = make_account("organiser")
    before = account.get_session_auth_hash()
    account.set_password("nine herons over the lagoon")
    assert account.get_session_auth_hash() != before


class TestWaysAround:
    """A session that has shown no factor is nobody."""

    @pytest.mark.parametrize(
        "path",
        [
            *("/staff/", "/staff/pages/", "/staff/persons/", "/staff/account/", "/me/", "/me/what-we-know/"),
            *("/me/notices/", "/me/what-we-know.json", "/staff/images/", "/staff/events/"),
        ],
    )
    def test_it_opens_nothing(self, path: str) -> None:
        client, _account = invited("administrator")
        visitor = browser().get(path)
        answer = client.get(path)
        assert (answer.status_code, answer.headers.get("Location")) == (
            visitor.status_code,
            visitor.headers.get("Location"),
        )
        assert answer.status_code in {302, 404}

    def test_it_reaches_setting_up_leaving_and_privacy(self) -> None:
        client, _account = invited()
        paths = ("factors/", "factors/app/", "factors/passkey/")
        assert [client.get(f"/staff-door/{path}").status_code for path in paths] == [200] * 3
        assert client.get("/privacy/").status_code == 200
        assert client.post("/leave/").status_code == 302
        assert client.get("/staff-door/factors/").status_code == 302
        assert Session.objects.count() == 0

    @pytest.mark.parametrize("came", [None, "", "password", "invitation"])
    def test_a_session_that_began_otherwise_is_nobodys(self, came: str | None) -> None:
        account, client = make_account("administrator"), browser()
        client.force_login(account, backend="tertulia.people.backends.AccountBackend")
        if came is not None:
            session = client.session
            session["came"] = came
            session.save()
        assert not is_in(client)
        response = client.get("/")
        assert (response.wsgi_request.user.is_authenticated, get_user(client).is_authenticated) == (False, True)  # type: ignore[arg-type]

    def test_the_asynchronous_user_is_the_same_nobody(self) -> None:
        client, _account = invited()
        request = client.get("/").wsgi_request
        assert async_to_sync(request.auser)().is_authenticated is False

    def test_what_was_begun_in_one_session_is_nothing_in_another(self) -> None:
        client, _account = invited()
        other, _other_account = invited()
        begun = client.post("/staff-door/factors/passkey/begin/").json()
        sent = {"name": "x", "answer": Device(SITE).make(begun)}
        assert other.post("/staff-door/factors/passkey/", sent).status_code == 422

    def test_a_link_ends_what_was_there(self, clock: time_machine.Traveller) -> None:
        account, secret = colleague_with_app(clock)
        device, client = Device(SITE), sign_in(browser(), account)
        client.post("/staff-door/prove/", {"password": PASSWORD, "code": code_of(secret)})
        with_passkey(client, device)
        codes = recovery_codes(account) or []
        clock.shift(timedelta(minutes=1))
        actions.issue_sign_in_link(account, 60)
        account.refresh_from_db()
        assert (account.password, Authenticator.objects.count(), account.sessions.count()) == ("", 0, 0)
        assert enter(browser(), device).status_code == 422
        for code in (code_of(secret), codes[0]):
            assert enter_by_code(browser(), account, code).status_code == 422

    def test_a_link_of_the_machine_itself_leaves_it(self) -> None:
        account, device = colleague_with_passkey()
        actions.issue_sign_in_link(account, 60, loopback_only=True)
        assert enter(browser(), device).status_code == 302

    def test_participants_never_come_in_here(self) -> None:
        account = make_account()
        with pytest.raises(NotAllowed):
            actions.add_staff_passkey(account, "x", {})
        with pytest.raises(IntegrityError, match="people_account_password_of_staff"), transaction.atomic():
            Account.objects.filter(pk=account.pk).update(password="x")
        client = sign_in(browser(), account)
        assert client.get("/staff-door/factors/")["Location"] == "/staff-door/?next=/staff-door/factors/"
        assert client.post("/staff-door/", {"name": "", "password": "", "code": ""}).status_code == 422


def test_no_route_lets_anybody_in_as_somebody_else() -> None:
    telling = ("hijack", "impersonat", "login_as", "login-as", "sudo", "loginas", "become", "masquerade")
    everything = list(addresses())
    assert [
        one for one in everything if any(word in f"{one.name} {one.path} {one.module}".lower() for word in telling)
    ] == []
    # Of the library there are no pages at all.
    assert [one for one in everything if one.module.startswith("allauth")] == []
    assert "people:enter_with_passkey" in {one.name for one in everything}
