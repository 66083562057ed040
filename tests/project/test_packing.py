"""Pages are packed for who takes that, and never where their length could tell what is in them."""

from __future__ import annotations

import gzip

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from tertulia.project.middleware import Packing
from tests.factories import make_account, make_event

PAGE = "<p>" + "a festival of one evening " * 40


def answer(method: str = "GET", query: str = "", *, session: bool = False) -> HttpResponse:
    """What the middleware makes of a page that was asked for so."""
    asked = RequestFactory().generic(method, f"/me/{query}", headers={"accept-encoding": "gzip"})
    if session:
        asked.COOKIES[settings.SESSION_COOKIE_NAME] = "sealed"
    given = Packing(lambda _request: HttpResponse(PAGE))(asked)
    assert isinstance(given, HttpResponse)
    return given


@pytest.mark.parametrize(
    ("method", "query", "session"),
    [
        ("GET", "", False),
        ("GET", "?next=/x/", False),
        ("POST", "", False),
        ("GET", "", True),
        ("HEAD", "", True),
        ("GET", "?text", True),
        ("GET", "?text=&type=2", True),
    ],
)
def test_a_page_is_packed(method: str, query: str, session: bool) -> None:
    given = answer(method, query, session=session)
    assert (given["Content-Encoding"], given["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(given.content).decode() == PAGE


@pytest.mark.parametrize(
    ("method", "query"),
    [
        ("GET", "?next=/guess/"),
        ("GET", "?text=guess"),
        ("GET", "?text&before=12"),
        ("GET", "?type=2&q"),
        ("POST", ""),
        ("POST", "?text"),
        ("HEAD", "?x"),
    ],
)
def test_a_page_of_somebody_is_not_packed_with_what_a_stranger_can_put_into_it(method: str, query: str) -> None:
    given = answer(method, query, session=True)
    assert (given.headers.get("Content-Encoding"), given["Vary"]) == (None, "Accept-Encoding")
    assert given.content.decode() == PAGE


def test_the_length_of_a_packed_page_wanders() -> None:
    assert len({len(answer(session=True).content) for _time in range(50)}) > 10


@pytest.mark.django_db
def test_pages_of_the_house_are_packed(client: Client) -> None:
    make_event("festival", title="A festival of one evening")
    given = client.get("/events/festival/", headers={"accept-encoding": "gzip, br"})
    assert given["Content-Encoding"] == "gzip"
    assert b"A festival of one evening" in gzip.decompress(given.content)
    assert set(given["Vary"].split(", ")) >= {"Accept-Encoding", "Cookie"}


@pytest.mark.django_db
def test_ones_own_page_with_an_address_from_elsewhere_is_not(client: Client) -> None:
    client.force_login(make_account())
    for address, packed in (("/preferences/?next=/me/", False), ("/preferences/", True)):
        given = client.get(address, headers={"accept-encoding": "gzip"})
        assert ("Content-Encoding" in given.headers) is packed, address
