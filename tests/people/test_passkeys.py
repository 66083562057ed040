"""Passkeys of participants: added, used, removed; what is refused leaves nothing behind."""

from __future__ import annotations

import logging
import secrets
from contextlib import nullcontext
from datetime import timedelta
from logging.handlers import BufferingHandler
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from tertulia.kit import facts
from tertulia.kit.errors import Gone, Invalid, NotAllowed
from tertulia.kit.pepper import Pepper
from tertulia.kit.registry import erasures
from tertulia.people.actions import (
    add_passkey,
    clear_ended,
    come_back,
    come_back_by_passkey,
    delete_account,
    keep_new_way_back,
    make_new_way_back,
    remove_passkey,
)
from tertulia.people.facts import PasskeyAdded, PasskeyRemoved
from tertulia.people.models import Account, Passkey, Session, SpentChallenge
from tertulia.people.queries import mark_to_keep, way_in
from tertulia.people.queries.passkey import MOST_PASSKEYS, name_on_device, new_ceremony, our_site, passkey_behind
from tertulia.people.sessions import SessionStore
from tests.factories import make_account
from tests.factories.passkeys import FLAG, Device, make_passkey
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db
ADDRESS = "https://tertulia.example"


@pytest.fixture(autouse=True)
def public(settings: Settings) -> None:
    settings.ADDRESS = ADDRESS
    settings.APP_NAME = "Plain word"


@pytest.fixture
def device() -> Device:
    return Device(ADDRESS)


def in_by(device: Device, **manner: Any) -> Account | None:
    """Who is in after this device has come back; nobody if it was refused."""
    request = RequestFactory().post("/come-back/passkey/")
    request.session = SessionStore()  # type: ignore[assignment]
    asked = new_ceremony()
    try:
        come_back_by_passkey(request, asked, device.prove(our_site().to_prove(asked.challenge), **manner))
    except Invalid:
        return None
    found = get_user(request)
    return found if isinstance(found, Account) else None


def test_who_added_one_comes_back_with_it(device: Device) -> None:
    account, other = make_account(), make_account()
    make_passkey(other)
    passkey = make_passkey(account, device)
    assert (in_by(device), in_by(device)) == (account, account)
    assert device.listed == [f"Plain word {passkey.number}"]


def test_the_device_is_told_nothing_of_whose_it_is_and_no_two_are_joined(device: Device) -> None:
    account = make_account()
    handles = set()
    for _time in range(2):
        make_passkey(account, device)
        asked = new_ceremony(account)
        handles.add(asked.handle)
        told = repr(our_site().to_make(asked.challenge, asked.handle, name_on_device(asked.number)))
        assert account.public_id not in told
        assert str(account.pk) not in told
    assert len(handles | {handle for _key, handle in device.kept.values()}) == 4


def test_what_is_kept_is_joined_to_no_device_by_the_table_alone(device: Device) -> None:
    make_passkey(make_account(), device)
    ((credential, (key, handle)),) = device.kept.items()
    held = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for value in Passkey.objects.values_list().get()
    )
    for secret in (credential, handle, key.public[-2], key.public[-3]):
        assert secret not in held
    settings.KEYS.destroy("passkeys")
    assert in_by(device) is None


def test_an_older_pepper_is_still_accepted_and_the_newest_used(device: Device) -> None:
    account = make_account()
    old = make_passkey(account, device)
    newest = max(Pepper(settings.PEPPER_FILE).versions()) + 1
    with settings.PEPPER_FILE.open("a") as file:
        file.write(f"{newest} {secrets.token_hex(32)}\n")
    assert in_by(device) == account
    assert (old.pepper_version, make_passkey(account).pepper_version) == (newest - 1, newest)


class TestRefused:
    """Nothing is kept, nobody is in."""

    ELSEWHERE = (
        {"origin": "https://evil.example"},
        {"host": "evil.example"},
        {"challenge": b"c" * 32},
        {"flags": FLAG.UP},
        {"is_crossed": True},
    )

    @pytest.mark.parametrize("manner", ELSEWHERE)
    def test_one_that_was_made_elsewhere(self, device: Device, manner: dict[str, Any]) -> None:
        account = make_account()
        asked = new_ceremony(account)
        told = our_site().to_make(asked.challenge, asked.handle, "Plain word")
        with pytest.raises(Invalid):
            add_passkey(account, asked, device.make(told, **manner))
        assert (Passkey.objects.count(), SpentChallenge.objects.count()) == (0, 0)

    @pytest.mark.parametrize("manner", [*ELSEWHERE, {"is_damaged": True}, {"handle": b"h" * 32}, {"handle": b""}])
    def test_an_answer_that_was_given_elsewhere(self, device: Device, manner: dict[str, Any]) -> None:
        account = make_account()
        make_passkey(account, device)
        spent = SpentChallenge.objects.count()
        assert in_by(device, **manner) is None
        assert (Session.objects.count(), SpentChallenge.objects.count()) == (0, spent)
        assert in_by(device) == account

    def test_one_that_nobody_asked_for(self, device: Device) -> None:
        account = make_account()
        asked = new_ceremony(account)
        answer = device.make(our_site().to_make(asked.challenge, asked.handle, "Plain word"))
        with pytest.raises(Invalid):
            add_passkey(account, None, answer)
        assert not Passkey.objects.exists()

    def test_the_same_one_twice(self, device: Device) -> None:
        account = make_account()
        asked = new_ceremony(account)
        answer = device.make(our_site().to_make(asked.challenge, asked.handle, "Plain word"))
        add_passkey(account, asked, answer)
        with pytest.raises(Invalid):
            add_passkey(account, asked, answer)
        remove_passkey(account, asked.number)
        with pytest.raises(Invalid):
            add_passkey(account, asked, answer)
        assert not Passkey.objects.exists()

    def test_a_second_one_that_was_given_the_same_number_meanwhile(self, device: Device) -> None:
        account = make_account()
        first = new_ceremony(account)
        second = new_ceremony(account)._replace(number=first.number)
        for asked, is_added in ((first, True), (second, False)):
            answer = device.make(our_site().to_make(asked.challenge, asked.handle, "Plain word"))
            with nullcontext() if is_added else pytest.raises(Invalid):
                add_passkey(account, asked, answer)
        assert account.passkeys.count() == 1

    def test_the_same_answer_twice(self, device: Device) -> None:
        account = make_account()
        make_passkey(account, device)
        asked = new_ceremony()
        answer = device.prove(our_site().to_prove(asked.challenge))
        request = RequestFactory().post("/")
        request.session = SessionStore()  # type: ignore[assignment]
        come_back_by_passkey(request, asked, answer)
        assert passkey_behind(asked, answer) is not None
        with pytest.raises(Invalid):
            come_back_by_passkey(request, asked, answer)
        assert Session.objects.count() == 1

    def test_the_passkey_of_somebody_else_under_ones_own_account(self, device: Device) -> None:
        victim, thief = make_account(), make_account()
        make_passkey(victim, device)
        ((credential, (key, _handle)),) = device.kept.items()
        make_passkey(thief, Device(ADDRESS))
        # The thief has the same id kept for themselves, under the handle that they were given.
        copied = Device(ADDRESS)
        asked = new_ceremony(thief)
        copied.kept[credential] = (key, asked.handle)
        assert in_by(copied) is None
        assert in_by(device) == victim

    def test_an_eleventh(self) -> None:
        account = make_account()
        numbers = [make_passkey(account).number for _time in range(MOST_PASSKEYS)]
        assert len(set(numbers)) == 10
        with pytest.raises(Invalid, match="ten passkeys"):
            make_passkey(account)
        assert account.passkeys.count() == 10

    def test_for_staff_and_for_closed_accounts(self, device: Device) -> None:
        closed = make_account()
        make_passkey(closed, device)
        Account.objects.filter(pk=closed.pk).update(is_active=False)
        closed.refresh_from_db()
        assert in_by(device) is None
        assert not Session.objects.exists()
        for account in (make_account("organiser"), closed):
            with pytest.raises(NotAllowed):
                make_passkey(account)

    def test_for_who_was_deleted_a_moment_ago(self, device: Device) -> None:
        account = make_account()
        delete_account(Account.objects.get(pk=account.pk))
        with pytest.raises(Gone):
            make_passkey(account, device)
        assert not Passkey.objects.exists()

    def test_where_it_was_removed_or_its_account_deleted_while_it_answered(
        self, device: Device, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from tertulia.people.actions import passkey as actions

        found = actions.passkey_behind
        account = make_account()
        for end in (lambda one: one.delete(), lambda one: delete_account(one.account)):
            make_passkey(account, device)

            def gone_meanwhile(asked: Any, answer: str, end: Any = end) -> Any:
                passkey = found(asked, answer)
                end(Passkey.objects.get())
                return passkey

            monkeypatch.setattr(actions, "passkey_behind", gone_meanwhile)
            assert in_by(device) is None
        assert not Session.objects.exists()

    def test_an_unknown_one_costs_no_other_queries(self, device: Device) -> None:
        stranger = Device(ADDRESS)
        make_passkey(make_account(), stranger).delete()
        make_passkey(make_account(), device)
        counts = []
        for one in (device, stranger):
            asked = new_ceremony()
            answer = one.prove(our_site().to_prove(asked.challenge), is_damaged=True)
            with CaptureQueriesContext(connection) as queries:
                assert passkey_behind(asked, answer) is None
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestRemoved:
    def test_it_opens_nothing_and_every_other_browser_is_out(self, device: Device) -> None:
        account = make_account()
        passkey = make_passkey(account, device)
        make_passkey(account)
        for client in (Client(), Client()):
            sign_in(client, account)
        here = sign_in(Client(), account)
        remove_passkey(account, passkey.number, here.session)
        assert in_by(device) is None
        assert (Session.objects.count(), Passkey.objects.count()) == (1, 1)

    def test_only_ones_own(self) -> None:
        account, other = make_account(), make_account()
        passkey = make_passkey(other)
        with pytest.raises(Gone):
            remove_passkey(account, passkey.number)
        assert Passkey.objects.count() == 1

    def test_what_a_restore_brings_back_goes_again(self, device: Device) -> None:
        account = make_account()
        passkey, stays = make_passkey(account, device), make_passkey(account)
        row = Passkey.objects.filter(pk=passkey.pk).values().get()
        remove_passkey(account, passkey.number)
        Passkey.objects.create(**row)
        assert in_by(device) == account
        entry = erasures.named("people.passkey")
        listed = settings.ERASURES.digests()
        for key in entry.present():
            if settings.ERASURES.holds("people.passkey", key, listed):
                entry.erase(key)
        assert [one.pk for one in Passkey.objects.all()] == [stays.pk]
        assert in_by(device) is None

    def test_with_the_account(self, device: Device) -> None:
        account = make_account()
        make_passkey(account, device)
        delete_account(account)
        assert not Passkey.objects.exists()
        assert in_by(device) is None

    def test_it_is_told(self, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> None:
        heard: list[object] = []
        for kind in (PasskeyAdded, PasskeyRemoved):
            monkeypatch.setitem(facts._wake_ups, kind, [heard.append])
        account = make_account()
        with django_capture_on_commit_callbacks(execute=True):
            passkey = make_passkey(account)
            remove_passkey(account, passkey.number)
        assert heard == [PasskeyAdded(account.pk), PasskeyRemoved(account.pk)]


class TestWithANewWayBack:
    @pytest.fixture
    def account(self, device: Device) -> Account:
        account = make_account()
        make_passkey(account, device)
        return account

    def test_they_end_when_it_is_kept(self, account: Account, device: Device) -> None:
        make_new_way_back(account)
        assert in_by(device) == account
        keep_new_way_back(account, mark_to_keep(account))
        assert in_by(device) is None

    def test_they_stay_where_one_says_so(self, account: Account, device: Device) -> None:
        make_new_way_back(account)
        keep_new_way_back(account, mark_to_keep(account), do_passkeys_stay=True)
        assert in_by(device) == account

    def test_they_end_for_who_comes_back_with_it(self, account: Account, device: Device) -> None:
        way = way_in(make_new_way_back(account))
        assert way is not None
        request = RequestFactory().post("/come-back/")
        request.session = SessionStore()  # type: ignore[assignment]
        come_back(request, way)
        assert in_by(device) is None

    def test_none_ends_where_none_is_kept(self, account: Account, device: Device) -> None:
        make_new_way_back(account)
        with pytest.raises(Gone):
            keep_new_way_back(account, "0123456789abcdef")
        assert in_by(device) == account


def test_spent_challenges_go_after_a_day() -> None:
    make_passkey(make_account())
    clear_ended()
    assert SpentChallenge.objects.count() == 1
    SpentChallenge.objects.update(expires_on=timezone.now().date() - timedelta(days=1))
    clear_ended()
    assert not SpentChallenge.objects.exists()


def test_the_library_writes_nothing_down(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    written = BufferingHandler(capacity=1000)
    monkeypatch.setattr(logging.root, "handlers", [written])
    monkeypatch.setattr(logging.getLogger("fido2"), "level", logging.DEBUG)
    make_passkey(make_account(), device)
    in_by(device)
    assert written.buffer == []
