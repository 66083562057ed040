"""What was ended stays ended: whoever was on the way with it is sent back, whatever they waited for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory

from tertulia.kit.errors import Gone
from tertulia.kit.passkeys import Site
from tertulia.people.actions import (
    add_passkey,
    keep_new_way_back,
    make_device_code,
    make_new_way_back,
    remove_passkey,
)
from tertulia.people.models import Account, NewWayBack, Passkey, SecondDevice, Session
from tertulia.people.queries import mark_to_keep
from tertulia.people.queries.passkey import new_ceremony, our_site
from tertulia.people.sessions import SessionStore
from tests.factories import make_account
from tests.factories.passkeys import Device, make_passkey
from tests.factories.people import sign_in
from tests.people.beside import one_after_the_other

two_connections = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets nobody write while somebody does"),
    pytest.mark.django_db(transaction=True),
]


def inside(account: Account) -> HttpRequest:
    """A request of a browser in which the account is in, as it was read before anything else happened."""
    client = sign_in(Client(), account)
    request = RequestFactory().post("/")
    request.session = SessionStore(client.cookies["s"].value)  # type: ignore[assignment]
    request.user = get_user(request)  # type: ignore[arg-type]
    return request


def adding(request: HttpRequest) -> Callable[[], object]:
    """What adds a passkey of a device to who is in."""
    account = request.user
    assert isinstance(account, Account)
    site: Site = our_site()
    asked = new_ceremony(account)
    answer = Device(site.origin).make(site.to_make(asked.challenge, asked.handle, "x"))
    return lambda: add_passkey(account, asked, answer, request.session)


def renewing(account: Account, request: HttpRequest | None = None) -> Callable[[], object]:
    """What puts a new way back in its place, in another browser."""
    make_new_way_back(account)
    mark = mark_to_keep(account)
    session = (request or inside(account)).session
    return lambda: keep_new_way_back(Account.objects.get(pk=account.pk), mark, session)


def works(request: HttpRequest) -> dict[str, Callable[[], object]]:
    """What a session may do to the ways in of its account."""
    account: Any = request.user
    return {
        "passkey": adding(request),
        "code": lambda: make_device_code(account, request.session),
        "way back": lambda: make_new_way_back(account, session=request.session),
        "removing": lambda: remove_passkey(account, 10, request.session),
    }


WORKS = ("passkey", "code", "way back", "removing")


@pytest.mark.django_db
@pytest.mark.parametrize("work", WORKS)
def test_who_was_signed_out_changes_no_way_in(work: str) -> None:
    account = make_account()
    request = inside(account)
    on_the_way = works(request)[work]
    renewing(account)()
    with pytest.raises(Gone, match="signed out"):
        on_the_way()
    assert (Passkey.objects.count(), SecondDevice.objects.count(), NewWayBack.objects.count()) == (0, 0, 0)


@pytest.mark.django_db
def test_nor_does_whose_session_alone_was_ended() -> None:
    account = make_account()
    number = make_passkey(account).number
    request = inside(account)
    on_the_way = works(request)
    remove_passkey(Account.objects.get(pk=account.pk), number, inside(account).session)
    for work in on_the_way.values():
        with pytest.raises(Gone, match="signed out"):
            work()
    assert Session.objects.count() == 1


@pytest.mark.django_db
def test_who_stays_in_goes_on() -> None:
    account = make_account()
    request = inside(account)
    for work in ("passkey", "code", "way back"):
        works(request)[work]()
    assert (Passkey.objects.count(), SecondDevice.objects.count(), NewWayBack.objects.count()) == (1, 1, 1)


class TestBeside:
    pytestmark = two_connections

    @pytest.mark.parametrize("work", ["passkey", "code", "way back"])
    def test_a_new_way_back_is_kept_while_an_old_session_waits(self, work: str) -> None:
        account = make_account()
        on_the_way = works(inside(account))[work]
        rows = Account.objects.filter(pk=account.pk)
        kept, refused = one_after_the_other(rows, renewing(account), on_the_way)
        assert (kept, type(refused)) == (None, Gone)
        assert (Passkey.objects.count(), SecondDevice.objects.count(), NewWayBack.objects.count()) == (0, 0, 0)
