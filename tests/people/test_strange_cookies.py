"""What a browser brings from elsewhere, or a second time, opens nothing, is put away, and leaves no trace."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client

from tertulia.kit.handover import close
from tertulia.people.models import Account, Session
from tertulia.people.queries import label_of_phrase
from tests.factories import make_account, make_event
from tests.factories.people import make_newcomer, sign_in

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-another-house-that-nobody-knows"
OLD = {"Date": "Thu, 01 Jan 1970 00:00:00 GMT", "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}


@pytest.fixture
def elsewhere(settings: Any) -> str:
    """A session cookie that another installation has sealed."""
    own, settings.SECRET_KEY = settings.SECRET_KEY, "the secret of another installation, long enough for Django"
    cookie = close(TOKEN.encode(), "people.session")
    settings.SECRET_KEY = own
    return cookie


def test_a_session_of_another_house_is_put_away(
    client: Client, elsewhere: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client.cookies["s"] = elsewhere
    page = client.get("/me/")
    assert (page.status_code, page["Location"]) == (302, "/come-back/?next=/me/")
    assert (page.cookies["s"].value, page.cookies["s"]["max-age"]) == ("", 0)
    assert (Session.objects.count(), elsewhere in caplog.text, TOKEN in caplog.text) == (0, False, False)


def test_one_comes_in_all_the_same_and_gets_one_of_this_house(client: Client, elsewhere: str) -> None:
    client.cookies["s"] = elsewhere
    assert client.post("/come-back/", {"phrase": make_newcomer()[1]}).status_code == 302
    assert client.cookies["s"].value != elsewhere
    assert client.get("/me/").status_code == 200


def test_a_session_that_was_left_is_not_opened_by_its_old_cookie(client: Client) -> None:
    sign_in(client, make_account())
    old = client.cookies["s"].value
    client.post("/leave/")
    client.cookies["s"] = old
    page = client.get("/me/")
    assert (page.status_code, page.cookies["s"].value, Session.objects.count()) == (302, "", 0)


def test_words_that_another_house_handed_over_are_not_shown(client: Client, settings: Any) -> None:
    account = make_account()
    sign_in(client, account)
    label, own = label_of_phrase(account), settings.SECRET_KEY
    settings.SECRET_KEY = "the secret of another installation, long enough for Django"
    client.cookies["w"] = close(b"six words of another house", label)
    settings.SECRET_KEY = own
    page = client.get("/me/way-back/")
    assert (page.status_code, page.context["phrase"], page.cookies["w"].value) == (200, None, "")


def test_a_form_of_another_house_is_answered_clearly(elsewhere: str) -> None:
    make_event("festival")
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["c"] = "z" * 32
    sent = {"chosen_name": "Wren", "kind": "digits", "csrfmiddlewaretoken": "y" * 64}
    answer = browser.post("/events/festival/join/", sent)
    assert (answer.status_code, Account.objects.count()) == (403, 0)
    assert "<h1>" in answer.content.decode()


def test_a_device_whose_clock_says_1970_comes_in_and_stays(client: Client) -> None:
    make_event("festival")
    sent = {"chosen_name": "Wren", "kind": "digits", "device": "own"}
    answer = client.post("/events/festival/join/", sent, headers=OLD)
    # Counted from now on, whatever the device takes for now.
    assert (answer.status_code, answer.cookies["s"]["max-age"]) == (302, 30 * 86_400)
    assert client.get("/me/", headers=OLD).status_code == 200
