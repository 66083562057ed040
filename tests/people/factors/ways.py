"""The ways in, as a colleague walks them in a browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.http import HttpResponse
from django.test import Client

from tertulia.people import actions
from tertulia.people.models import Account
from tests.factories import make_account
from tests.factories.passkeys import Device
from tests.people.factors.conftest import SITE

PASSWORD = "nine herons over the lagoon"


def browser(**told: Any) -> Client:
    """A browser at a name under which passkeys work without https."""
    return Client(SERVER_NAME="localhost", **told)


def code_of(secret: str) -> str:
    """What the app shows now."""
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()) + 1))


def invited(role: str = "organiser", pseudonym: str = "") -> tuple[Client, Account]:
    """A browser that came by a link and has set up nothing yet."""
    account, client = make_account(role, pseudonym), browser()
    client.post(f"/staff-door/{actions.issue_sign_in_link(account, 60)}/")
    return client, account


def with_app(client: Client, password: str = PASSWORD) -> str:
    """Set up password and app in this browser, and say the app's secret; the answer shows the recovery codes."""
    page = client.get("/staff-door/factors/app/")
    secret = str(page.context["secret"])
    sent = {"box": page.context["form"]["box"].value(), "code": code_of(secret), "password": password}
    response = client.post("/staff-door/factors/app/", sent | {"again": password})
    assert (response.status_code, len(response.context["codes"])) == (200, 10)
    return secret


def with_passkey(client: Client, device: Device) -> HttpResponse:
    """Make a passkey in this browser."""
    begun = client.post("/staff-door/factors/passkey/begin/").json()
    sent = {"name": "phone", "answer": device.make(begun)}
    return client.post("/staff-door/factors/passkey/", sent)  # type: ignore[return-value]


def enter(client: Client, device: Device) -> HttpResponse:
    begun = client.post("/staff-door/passkey/begin/").json()
    return client.post("/staff-door/passkey/", {"answer": device.prove(begun)})  # type: ignore[return-value]


def enter_by_code(client: Client, account: Account, code: str, password: str = PASSWORD) -> HttpResponse:
    sent = {"name": account.pseudonym, "password": password, "code": code}
    return client.post("/staff-door/", sent)  # type: ignore[return-value]


def is_in(client: Client) -> bool:
    return bool(client.get("/staff/").status_code == 200)


def colleague_with_app(clock: time_machine.Traveller) -> tuple[Account, str]:
    """A colleague with password and app, whose first code is minutes ago."""
    client, account = invited()
    secret = with_app(client)
    clock.shift(timedelta(minutes=5))
    account.refresh_from_db()
    return account, secret


def colleague_with_passkey() -> tuple[Account, Device]:
    client, account = invited()
    device = Device(SITE)
    with_passkey(client, device)
    return account, device
