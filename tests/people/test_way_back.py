"""Ways back in: opened, found again, renewed, and never stored."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tertulia.kit import pepper
from tertulia.kit.errors import Gone, NotAllowed
from tertulia.kit.pepper import Pepper
from tertulia.kit.phrases import Kind
from tertulia.people.actions import delete_account, keep_new_way_back, make_new_way_back, open_way_back
from tertulia.people.models import Account, NewWayBack
from tertulia.people.queries import WayIn, account_behind, mark_to_keep, way_in
from tertulia.people.tasks import clear_ended
from tests.factories.people import make_account, make_newcomer

pytestmark = pytest.mark.django_db


def add_pepper() -> int:
    """Write the line of a new version, as an operator does; its number."""
    number = max(Pepper(settings.PEPPER_FILE).versions()) + 1
    with settings.PEPPER_FILE.open("a") as file:
        file.write(f"{number} {secrets.token_hex(32)}\n")
    return number


@pytest.mark.parametrize("kind", list(Kind))
def test_the_phrase_leads_back_to_its_account(kind: Kind) -> None:
    account, phrase = open_way_back(kind)
    assert account_behind(phrase) == account
    assert account_behind(phrase.upper().replace(" ", ", \n")) == account


def test_another_phrase_leads_nowhere() -> None:
    make_newcomer()
    assert account_behind("abacus abacus abacus abacus abacus abacus") is None
    assert account_behind("") is None
    assert account_behind("0" * 24) is None


def test_a_closed_account_is_not_found() -> None:
    account, phrase = make_newcomer()
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert account_behind(phrase) is None


def test_staff_without_a_phrase_are_not_found_by_an_empty_one() -> None:
    make_account("organiser")
    assert account_behind("") is None


def test_an_older_pepper_is_still_accepted_and_the_newest_used() -> None:
    old, old_phrase = make_newcomer()
    newest = add_pepper()
    new, new_phrase = make_newcomer()
    assert (old.pepper_version, new.pepper_version) == (newest - 1, newest)
    assert [account_behind(old_phrase), account_behind(new_phrase)] == [old, new]


class TestRenewing:
    """The old way back in holds until the new one is kept."""

    @pytest.fixture
    def wren(self) -> tuple[Account, str]:
        account, old = make_newcomer()
        account.sessions.create(token_hash=b"x" * 32, held="{}", expires_on="2021-11-16")
        return account, old

    def test_until_it_is_kept_the_old_one_opens_and_sessions_stay(self, wren: tuple[Account, str]) -> None:
        account, old = wren
        before = account.get_session_auth_hash()
        make_new_way_back(account, Kind.DIGITS)
        assert way_in(old) == WayIn(account, "")
        assert account.sessions.count() == 1
        assert Account.objects.get().get_session_auth_hash() == before

    def test_keeping_it_ends_the_old_one_and_every_session(self, wren: tuple[Account, str]) -> None:
        account, old = wren
        before = account.get_session_auth_hash()
        new = make_new_way_back(account, Kind.DIGITS)
        keep_new_way_back(account, mark_to_keep(account))
        assert (way_in(old), way_in(new)) == (None, WayIn(account, ""))
        assert (account.sessions.count(), NewWayBack.objects.count(), mark_to_keep(account)) == (0, 0, "")
        assert Account.objects.get().get_session_auth_hash() != before

    def test_keeping_it_twice_is_keeping_it_once(self, wren: tuple[Account, str]) -> None:
        account, _old = wren
        new = make_new_way_back(account)
        mark = mark_to_keep(account)
        keep_new_way_back(account, mark)
        account.sessions.create(token_hash=b"y" * 32, held="{}", expires_on="2021-11-16")
        keep_new_way_back(account, mark)
        assert account_behind(new) == account
        assert account.sessions.count() == 1

    def test_another_new_one_takes_the_place_of_the_first_new_one_alone(self, wren: tuple[Account, str]) -> None:
        account, old = wren
        first = make_new_way_back(account)
        mark_of_first = mark_to_keep(account)
        second = make_new_way_back(account)
        assert [account_behind(phrase) for phrase in (old, first, second)] == [account, None, account]
        with pytest.raises(Gone):
            keep_new_way_back(account, mark_of_first)
        assert [account_behind(phrase) for phrase in (old, second)] == [account, account]
        assert account.sessions.count() == 1

    @pytest.mark.parametrize("mark", ["", "0123456789abcdef"])
    def test_nothing_is_kept_that_was_not_made(self, wren: tuple[Account, str], mark: str) -> None:
        account, old = wren
        with pytest.raises(Gone):
            keep_new_way_back(account, mark)
        assert account_behind(old) == account
        assert account.sessions.count() == 1

    def test_a_mark_of_somebody_else_keeps_nothing(self, wren: tuple[Account, str]) -> None:
        account, old = wren
        other, _phrase = make_newcomer()
        make_new_way_back(account)
        make_new_way_back(other)
        with pytest.raises(Gone):
            keep_new_way_back(account, mark_to_keep(other))
        assert account_behind(old) == account

    def test_one_that_nobody_kept_ends_and_the_old_one_holds(self, wren: tuple[Account, str]) -> None:
        account, old = wren
        new = make_new_way_back(account)
        mark = mark_to_keep(account)
        NewWayBack.objects.update(expires_on=timezone.now().date())
        assert [account_behind(phrase) for phrase in (old, new)] == [account, None]
        with pytest.raises(Gone):
            keep_new_way_back(account, mark)
        clear_ended()
        assert NewWayBack.objects.count() == 0

    def test_it_lasts_four_weeks_at_least_and_its_end_does_not_say_when_it_was_made(
        self, wren: tuple[Account, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ends = set()
        for day in range(366):
            now = datetime(2023, 12, 1, tzinfo=UTC) + timedelta(days=day)
            monkeypatch.setattr(timezone, "now", lambda now=now: now)
            make_new_way_back(wren[0])
            end = NewWayBack.objects.get().expires_on
            assert 28 <= (end - now.date()).days <= 62
            ends.add(end)
        assert sorted(ends) == [date(2024, month, 1) for month in range(2, 13)] + [date(2025, 1, 1)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets nobody write while somebody does")
@pytest.mark.django_db(transaction=True)
def test_while_another_new_one_is_made_none_is_put_in_place() -> None:
    account, old = make_newcomer()
    first = make_new_way_back(account)
    mark_of_first = mark_to_keep(account)

    def keep_first() -> str:
        try:
            keep_new_way_back(Account.objects.get(pk=account.pk), mark_of_first)
        except Gone as refusal:
            return str(refusal)
        finally:
            connection.close()
        return "kept"

    with ThreadPoolExecutor(1) as elsewhere:
        with transaction.atomic():
            second = make_new_way_back(account)
            keeping = elsewhere.submit(keep_first)
            while not (keeping.done() or _somebody_waits()):
                pass
        told = keeping.result(30)
    assert told == "This new way back in was replaced by a newer one, or its time is over."
    assert [account_behind(phrase) for phrase in (old, first, second)] == [account, None, account]


def _somebody_waits() -> bool:
    """Whether one connection waits for what another has locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


def test_staff_and_closed_accounts_get_no_phrase() -> None:
    closed, _phrase = make_newcomer()
    closed.is_active = False
    for account in (make_account("organiser"), closed):
        with pytest.raises(NotAllowed):
            make_new_way_back(account)
        with pytest.raises(NotAllowed):
            keep_new_way_back(account, "")


def test_an_account_that_was_deleted_a_moment_ago_gets_no_phrase() -> None:
    account, _phrase = make_newcomer()
    make_new_way_back(account)
    mark = mark_to_keep(account)
    delete_account(Account.objects.get(pk=account.pk))
    with pytest.raises(Gone):
        make_new_way_back(account)
    with pytest.raises(Gone):
        keep_new_way_back(account, mark)
    assert not NewWayBack.objects.exists()


def test_a_right_and_a_wrong_phrase_cost_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    account, phrase = make_newcomer()
    add_pepper()
    digests, counted = pepper.digest, list[str]()
    monkeypatch.setattr(pepper, "digest", lambda secret, text: counted.append(text) or digests(secret, text))

    def cost(asked: str) -> tuple[int, int]:
        counted.clear()
        with CaptureQueriesContext(connection) as queries:
            account_behind(asked)
        return len(counted), len(queries)

    versions = len(Pepper(settings.PEPPER_FILE).versions())
    new = make_new_way_back(account)
    tried = (phrase, new, "zoom " * 6, "7" * 24, "")
    assert [cost(asked) for asked in tried] == [(versions, 1)] * 5
    assert account_behind(phrase) == account


def test_what_is_stored_is_neither_the_phrase_nor_its_plain_hash() -> None:
    import hashlib

    account, phrase = make_newcomer()
    bare = phrase.replace(" ", "")
    held = repr(Account.objects.filter(pk=account.pk).values().get())
    assert [word for word in phrase.split() if len(word) > 4 and word in held] == []
    assert bytes(account.way_back or b"") not in {hashlib.sha256(text.encode()).digest() for text in (phrase, bare)}
    fields: Callable[..., Any] = Account._meta.get_fields
    times = [field.name for field in fields() if "Date" in type(field).__name__ or "Time" in type(field).__name__]
    assert times == []
