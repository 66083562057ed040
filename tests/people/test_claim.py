"""Saying that a credit is one's own: by a link, once, in view of what it joins."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tertulia.kit.errors import Gone, Invalid, NotAllowed
from tertulia.people.actions import claim_person, clear_ended, issue_claim_link
from tertulia.people.actions.session import end_all_sessions
from tertulia.people.models import Account, ClaimLink, Notice, Person
from tertulia.programme.models import Event
from tests.factories import make_account, make_credited, make_event, make_session
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db
KEPT = "/me/claim/"


@pytest.fixture
def person() -> Person:
    make_session(make_event(title="Small nights"), "Who asks?", persons=("Ana Flores",))
    return Person.objects.get()


@pytest.fixture
def staff() -> Account:
    return make_account("organiser")


def test_one_sees_what_it_joins_and_then_joins_it(client: Client, person: Person, staff: Account) -> None:
    account, token = make_account(), issue_claim_link(person, staff)
    path = f"/me/claim/{token}/"
    sign_in(client, account)
    assert client.get(path)["Location"] == KEPT
    shown = client.get(KEPT).content.decode()
    assert [words in shown for words in ("Ana Flores", "Who asks?", "Small nights")] == [True] * 3
    person.refresh_from_db()
    assert person.account is None
    assert client.post(KEPT)["Location"] == "/me/what-we-know/"
    person.refresh_from_db()
    assert (person.account, ClaimLink.objects.count()) == (account, 0)
    assert [notice.kind for notice in Notice.objects.all()] == ["people.claimed"]
    assert [client.get(path).status_code, client.get(KEPT).status_code, client.post(KEPT).status_code] == [410] * 3


def test_who_is_not_in_reads_why_and_both_ways_lead_on_without_the_link(
    client: Client, person: Person, staff: Account
) -> None:
    event, token = Event.objects.get(), issue_claim_link(person, staff)
    led = client.get(f"/me/claim/{token}/")
    assert (led["Location"], led.cookies["k"]["path"], token in led.cookies["k"].value) == (KEPT, KEPT, False)
    answer = client.get(KEPT)
    page = answer.content.decode()
    assert (answer.status_code, "For that you have to be in." in page, "Ana Flores" in page) == (200, True, False)
    ways = [f"/events/{event.slug}/join/?next=/me/claim/", "/come-back/?next=/me/claim/"]
    assert [f'href="{way}"' in page for way in ways] == [True, True]
    assert token not in page
    came = client.post(ways[0], {"chosen_name": "Wren", "kind": "words", "device": "shared"})
    assert came.status_code == 302
    assert "Ana Flores" in client.get(KEPT).content.decode()
    assert client.post(KEPT)["Location"] == "/me/what-we-know/"
    person.refresh_from_db()
    assert person.account == Account.objects.get(pseudonym="")
    assert client.get(KEPT).status_code == 410
    assert Client().get(f"/me/claim/{token}/").status_code == 410


def test_what_a_browser_kept_of_a_link_ends_after_half_an_hour(
    client: Client, person: Person, staff: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(f"/me/claim/{issue_claim_link(person, staff)}/")
    sign_in(client, make_account())
    assert client.get(KEPT).status_code == 200
    later = time.time() + 30 * 60
    monkeypatch.setattr(time, "time", lambda: later)
    sign_in(client, make_account())
    assert client.get(KEPT).status_code == 410


@pytest.mark.parametrize(
    ("made_on", "last"),
    [
        (date(2026, 11, 1), date(2026, 11, 30)),
        (date(2026, 11, 16), date(2026, 11, 30)),
        (date(2026, 11, 17), date(2026, 12, 31)),
        (date(2028, 2, 14), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 1, 31)),
    ],
)
def test_the_end_of_a_link_does_not_say_on_which_day_it_was_made(
    made_on: date, last: date, person: Person, staff: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime(made_on.year, made_on.month, made_on.day, 12, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: noon)
    token = issue_claim_link(person, staff)
    assert ClaimLink.objects.get().expires_on == last
    assert (last - made_on).days >= 14
    monkeypatch.setattr(timezone, "now", lambda: datetime(last.year, last.month, last.day, 23, 59, tzinfo=UTC))
    assert claim_person(token, make_account()) == person


def test_a_link_works_once_and_for_its_days(person: Person, staff: Account) -> None:
    older, token = issue_claim_link(person, staff), issue_claim_link(person, staff)
    for wrong in (older, "no-such-link", ""):
        with pytest.raises(Gone):
            claim_person(wrong, make_account())
    ClaimLink.objects.update(expires_on=timezone.now().date() - timedelta(days=1))
    with pytest.raises(Gone):
        claim_person(token, make_account())
    clear_ended()
    assert not ClaimLink.objects.exists()
    first, second = make_account(), make_account()
    token = issue_claim_link(person, staff)
    assert claim_person(token, first).account == first
    with pytest.raises(Gone):
        claim_person(token, second)
    with pytest.raises(Invalid):
        issue_claim_link(person, staff)


def test_nothing_of_the_link_is_kept(person: Person, staff: Account) -> None:
    token = issue_claim_link(person, staff)
    assert token.encode() not in bytes(ClaimLink.objects.get().token_hash)
    assert len(bytes(ClaimLink.objects.get().token_hash)) == 32


def test_who_may_make_one_and_who_may_use_one(person: Person, staff: Account) -> None:
    for other in (make_account(), make_account("organiser", scope=make_event().slug)):
        with pytest.raises(NotAllowed):
            issue_claim_link(person, other)
    token = issue_claim_link(person, staff)
    with pytest.raises(NotAllowed):
        claim_person(token, staff)
    assert ClaimLink.objects.count() == 1


def test_one_account_may_claim_several(staff: Account) -> None:
    account = make_account()
    for name in ("Ana Flores", "A. Flores"):
        claim_person(issue_claim_link(make_credited(name), staff), account)
    assert sorted(account.persons.values_list("name", flat=True)) == ["A. Flores", "Ana Flores"]


def test_no_link_outlives_a_restore() -> None:
    token = issue_claim_link(make_credited(), make_account("organiser"))
    end_all_sessions()
    with pytest.raises(Gone):
        claim_person(token, make_account())
