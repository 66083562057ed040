"""A house with a public https address and a server in front of it, as that server sees it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tertulia.people.views.door import WRONG_PHRASES
from tests.ground.served import Served
from tests.ground.store import SqliteStore

pytestmark = pytest.mark.journey
HOST = "festival.example"
COOKIE = "c" * 32


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that was told about both."""
    served = Served(tmp_path_factory.mktemp("house"))
    SqliteStore(served.folder).lay()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TERTULIA_URL", f"https://{HOST}")
        patch.setenv("TERTULIA_BEHIND_PROXY", "1")
        served.start()
    yield served
    served.stop()


def ask(house: Served, method: str, path: str, visitor: str, form: str = "", **more: str) -> http.client.HTTPResponse:
    """What a visitor at an address gets, through the server in front."""
    line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=30)
    headers = {"Host": HOST, "X-Forwarded-For": f"203.0.113.200, {visitor}", "X-Forwarded-Proto": "https"}
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"c={COOKIE}", "X-CSRFToken": COOKIE}
    line.request(method, path, form.encode(), {**headers, **(kind if method == "POST" else {}), **more})
    response = line.getresponse()
    response.read()
    line.close()
    return response


def test_browsers_are_told_to_keep_to_https(house: Served) -> None:
    page = ask(house, "GET", "/events/", "198.51.100.1")
    assert (page.status, page.getheader("Strict-Transport-Security")) == (200, "max-age=31536000")


def test_what_comes_in_clear_is_sent_to_https_and_no_form_is_read(house: Served) -> None:
    clear = {"X-Forwarded-Proto": "http"}
    for method in ("GET", "POST"):
        sent = ask(house, method, "/events/?zone=UTC", "198.51.100.1", **clear)
        assert (sent.status, sent.getheader("Location")) == (301, f"https://{HOST}/events/?zone=UTC")
    assert ask(house, "GET", "/events/", "127.0.0.1", Host=f"127.0.0.1:{house.port}", **clear).status == 200


def test_a_form_says_where_it_comes_from(house: Served) -> None:
    assert ask(house, "POST", "/leave/", "198.51.100.1").status == 403
    assert ask(house, "POST", "/leave/", "198.51.100.1", Referer="https://elsewhere.example/").status == 403
    assert ask(house, "POST", "/leave/", "198.51.100.1", Referer=f"https://{HOST}/me/").status == 302


def test_tries_are_counted_for_each_visitor(house: Served) -> None:
    wrong, here = urlencode({"phrase": "one two three four five six"}), f"https://{HOST}/come-back/"
    tries = [
        ask(house, "POST", "/come-back/", "198.51.100.2", wrong, Referer=here).status
        for _ in range(WRONG_PHRASES.most + 1)
    ]
    assert tries == [422] * WRONG_PHRASES.most + [429]
    assert ask(house, "POST", "/come-back/", "198.51.100.3", wrong, Referer=here).status == 422
