"""Sessions: a hashed token, a day, and an end after half an hour without use that no table knows of."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from tertulia.kit.randomness import token_hash
from tertulia.people.actions import begin_session
from tertulia.people.models import Session
from tertulia.people.rules import STAY_DAYS
from tertulia.people.sessions import DAY, IDLE_SECONDS, SessionStore
from tertulia.people.tasks import clear_ended
from tests.factories.people import make_account, make_newcomer, sign_in

pytestmark = pytest.mark.django_db
ME = "/me/"


class Clock:
    """The clock by which cookies are sealed, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = time.time()
        monkeypatch.setattr(time, "time", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def inside(client: Client) -> Client:
    return sign_in(client, make_account())


def is_in(client: Client) -> bool:
    return client.get(ME).status_code == 200


def test_it_ends_after_thirty_minutes_without_use(clock: Clock, inside: Client) -> None:
    clock.now += IDLE_SECONDS
    assert not is_in(inside)
    assert Session.objects.filter(account__isnull=False).count() == 0


def test_every_page_is_use_whatever_it_shows(clock: Clock, inside: Client) -> None:
    for _ in range(3):
        clock.now += IDLE_SECONDS - 1
        inside.get("/left/")
    assert is_in(inside)


def test_the_cookie_ends_with_the_browser_and_is_written_anew_once_a_minute(clock: Clock, inside: Client) -> None:
    first = inside.cookies["s"].value
    clock.now += 59
    assert "s" not in inside.get(ME).cookies
    clock.now += 1
    renewed = inside.get(ME)
    assert renewed.cookies["s"].value != first
    assert (renewed.cookies["s"]["max-age"], renewed.cookies["s"]["expires"]) == ("", "")
    assert "Cookie" in renewed["Vary"]


def test_an_older_cookie_does_not_outlive_its_own_half_hour(clock: Clock, inside: Client) -> None:
    old = inside.cookies["s"].value
    clock.now += IDLE_SECONDS - 1
    assert is_in(inside)
    clock.now += 1
    thief = Client()
    thief.cookies["s"] = old
    assert not is_in(thief)


class TestOwnDevice:
    """Somebody said that the device is theirs."""

    @pytest.fixture
    def own(self, clock: Clock, client: Client) -> Client:
        clock.now = float(int(clock.now))
        client.post("/come-back/", {"phrase": make_newcomer()[1], "device": "own"})
        return client

    def test_it_stays_for_thirty_days_after_the_last_use(self, clock: Clock, own: Client) -> None:
        cookie = own.cookies["s"]
        assert (cookie["max-age"], cookie["httponly"]) == (30 * DAY, True)
        clock.now += 30 * DAY - 1
        assert is_in(own)
        assert own.cookies["s"].value != cookie.value
        clock.now += 30 * DAY
        assert not is_in(own)

    def test_the_cookie_is_written_anew_once_a_day(self, clock: Clock, own: Client) -> None:
        clock.now += DAY - 1
        assert "s" not in own.get(ME).cookies
        clock.now += 1
        assert own.get(ME).cookies["s"]["max-age"] == 30 * DAY

    def test_the_table_says_only_in_which_week_it_ends(self, own: Client) -> None:
        last = Session.objects.get().expires_on
        days = (last - timezone.now().date()).days
        # The privacy page says eight days: the row goes on the day after its last.
        assert (last.weekday(), STAY_DAYS < days <= STAY_DAYS + 7) == (0, True)
        Session.objects.update(expires_on=last - timedelta(days=7))
        own.get(ME)
        assert Session.objects.get().expires_on == last

    def test_leaving_ends_it_and_the_next_session_does_not_stay(self, own: Client) -> None:
        own.post("/leave/")
        assert (Session.objects.count(), is_in(own)) == (0, False)
        own.post("/come-back/", {"phrase": make_newcomer()[1]})
        assert (own.cookies["s"]["max-age"], is_in(own)) == ("", True)

    def test_who_comes_back_on_it_without_saying_so_does_not_stay(self, clock: Clock, own: Client) -> None:
        own.post("/come-back/", {"phrase": make_newcomer()[1]})
        assert own.cookies["s"]["max-age"] == ""
        assert Session.objects.get().expires_on == timezone.now().date() + timedelta(days=1)
        clock.now += IDLE_SECONDS
        assert not is_in(own)

    @pytest.mark.parametrize("said", [{}, {"device": "shared"}, {"device": "mine"}])
    def test_whoever_does_not_say_so_does_not_stay(self, client: Client, said: dict[str, str]) -> None:
        client.post("/come-back/", {"phrase": make_newcomer()[1]} | said)
        assert client.cookies["s"]["max-age"] == ""

    def test_staff_never_stay(self, rf: RequestFactory) -> None:
        request = rf.get("/")
        request.session = SessionStore()
        begin_session(request, make_account("organiser"), stays=True)
        assert request.session.get_expire_at_browser_close()
        begin_session(request, make_account(), stays=True)
        assert not request.session.get_expire_at_browser_close()


@pytest.mark.parametrize("forged", ["", "x", "x" * 91, "Ä", "AAAA" * 30])
def test_a_cookie_of_nobody_opens_nothing(client: Client, forged: str) -> None:
    client.cookies["s"] = forged
    assert client.get(ME).status_code == 302


def test_the_cookie_says_nothing(inside: Client) -> None:
    cookie = inside.cookies["s"].value
    store = SessionStore(cookie)
    assert store._session_key
    assert store._session_key not in cookie
    assert str(int(time.time()))[:6] not in cookie


def test_the_token_is_not_in_the_table_and_the_day_is_the_next(inside: Client) -> None:
    token = SessionStore(inside.cookies["s"].value)._session_key
    row = Session.objects.get()
    assert bytes(row.token_hash) == token_hash(token or "")
    assert row.expires_on == timezone.now().date() + timedelta(days=1)
    assert type(row.expires_on) is date


def test_a_session_in_use_moves_its_day_on_once(inside: Client) -> None:
    today = timezone.now().date()
    Session.objects.update(expires_on=today)
    inside.get(ME)
    assert Session.objects.get().expires_on == today + timedelta(days=1)


def test_a_session_whose_day_is_over_is_gone(inside: Client) -> None:
    Session.objects.update(expires_on=timezone.now().date() - timedelta(days=1))
    assert not is_in(inside)
    clear_ended()
    assert Session.objects.count() == 0


def test_the_token_changes_at_signing_in(client: Client) -> None:
    session = client.session
    session["before"] = "kept"
    session.save()
    client.cookies["s"] = session.session_key or ""
    before = session._session_key
    _account, phrase = make_newcomer()
    client.post("/come-back/", {"phrase": phrase})
    after = SessionStore(client.cookies["s"].value)
    assert after["before"] == "kept"
    assert after._session_key != before
    assert not SessionStore().exists(session.session_key or "")


def test_what_a_cache_keeps_carries_no_cookie(clock: Clock, inside: Client) -> None:
    clock.now += 60
    page = inside.get("/live/avatars/0123456789abcdef.svg")
    assert page["Cache-Control"] == "private, max-age=86400"
    assert "s" not in page.cookies
    assert "s" in inside.get("/left/").cookies
