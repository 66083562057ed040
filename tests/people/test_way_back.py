"""Ways back in: opened, found again, renewed, and never stored."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tertulia.kit import pepper
from tertulia.kit.errors import NotAllowed
from tertulia.kit.pepper import Pepper
from tertulia.kit.phrases import Kind
from tertulia.people.actions import open_way_back, rotate_way_back
from tertulia.people.models import Account
from tertulia.people.queries import account_behind
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


def test_rotating_ends_the_old_phrase_and_every_session() -> None:
    account, old = make_newcomer()
    account.sessions.create(token_hash=b"x" * 32, held="{}", expires_on="2021-11-16")
    before = account.get_session_auth_hash()
    new = rotate_way_back(account, Kind.DIGITS)
    assert account_behind(old) is None
    assert account_behind(new) == account
    assert account.sessions.count() == 0
    assert account.get_session_auth_hash() != before


def test_staff_and_closed_accounts_get_no_phrase() -> None:
    closed, _phrase = make_newcomer()
    closed.is_active = False
    for account in (make_account("organiser"), closed):
        with pytest.raises(NotAllowed):
            rotate_way_back(account)


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
    assert [cost(phrase), cost("zoom " * 6), cost("7" * 24), cost("")] == [(versions, 1)] * 4
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
