"""What every page of ours has around it, sends with it and never does."""

from __future__ import annotations

import gzip
import re

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from tertulia.design.middleware import PAGE_POLICY, STAFF_POLICY, ContentPolicyMiddleware
from tertulia.design.queries import style_sheet

PAGES = ["/preferences/", "/es/preferences/", "/ar/preferences/", "/design/", "/ar/design/"]


@pytest.fixture(autouse=True)
def gallery_is_open(settings: Settings) -> None:
    settings.DEBUG = True


@pytest.mark.django_db
def test_the_gallery_is_closed_outside_development(client: Client, settings: Settings) -> None:
    settings.DEBUG = False
    assert client.get("/design/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_no_page_carries_a_style_or_a_script_in_itself(page: str, client: Client) -> None:
    html = client.get(page).content.decode()
    assert re.findall(r'\sstyle="|<style|<script(?![^>]* src=)|\son\w+="|javascript:', html) == []


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_loaded_from_elsewhere(page: str, client: Client) -> None:
    html = client.get(page).content.decode()
    assert [to for to in re.findall(r'(?:src|href)="([^"]*)"', html) if to.startswith(("http", "//"))] == [LEAVE]


LEAVE = "https://www.wikipedia.org/"


@pytest.mark.parametrize("page", PAGES)
def test_an_id_is_given_once(page: str, client: Client) -> None:
    ids = re.findall(r'\sid="([^"]+)"', client.get(page).content.decode())
    assert sorted({name for name in ids if ids.count(name) > 1}) == []


@pytest.mark.parametrize(
    ("page", "language", "direction"), [("", "en", "ltr"), ("/es", "es", "ltr"), ("/ar", "ar", "rtl")]
)
def test_a_page_says_its_language_and_direction(page: str, language: str, direction: str, client: Client) -> None:
    html = client.get(f"{page}/preferences/").content.decode()
    assert html.count(f'<html lang="{language}" dir="{direction}">') == 1


def test_a_page_links_to_itself_in_each_language(client: Client) -> None:
    html = client.get("/es/preferences/?next=/x").content.decode()
    links = re.findall(r'<a href="([^"]+)" lang="(\w+)" hreflang="\w+"( aria-current="true")?>([^<]+)<', html)
    assert [(to, language, bool(here)) for to, language, here, _name in links] == [
        ("/preferences/?next=/x", "en", False),
        ("/es/preferences/?next=/x", "es", True),
        ("/ar/preferences/?next=/x", "ar", False),
    ]
    assert [name for *_rest, name in links] == ["English", "Español", "العربيّة"]


OFFERS = [
    ("/preferences/?next=/x", {"accept-language": "es-PE,en;q=0.5"}, ("es", "ltr", "/es/preferences/?next=/x")),
    ("/preferences/", {"accept-language": "fr,ar;q=0.8,en;q=0.5"}, ("ar", "rtl", "/ar/preferences/")),
    ("/preferences/", {"accept-language": "es", "sec-fetch-site": "none"}, ("es", "ltr", "/es/preferences/")),
    ("/preferences/", {"accept-language": "es", "sec-fetch-site": "same-origin"}, None),
    ("/preferences/", {"accept-language": "en-GB,es;q=0.5"}, None),
    ("/preferences/", {"accept-language": "fr"}, None),
    ("/preferences/", {"accept-language": "-;q=x, *"}, None),
    ("/preferences/", {}, None),
    ("/ar/preferences/", {"accept-language": "es"}, None),
]


@pytest.mark.parametrize(("page", "headers", "offer"), OFFERS)
def test_who_enters_is_offered_the_page_in_the_language_of_their_browser(
    page: str, headers: dict[str, str], offer: tuple[str, str, str] | None, client: Client
) -> None:
    response = client.get(page, headers=headers)
    found = re.findall(r'class="offered" lang="(\w+)" dir="(\w+)"><a href="([^"]+)"', response.content.decode())
    assert found == ([offer] if offer else [])
    assert "Sec-Fetch-Site" in response["Vary"]


@pytest.mark.parametrize("scheme", ["light", "dark", "contrast"])
def test_a_chosen_scheme_stands_on_the_page(scheme: str, client: Client) -> None:
    client.cookies["scheme"] = scheme
    assert client.get("/preferences/").content.decode().count(f'dir="ltr" data-scheme="{scheme}"') == 1


@pytest.mark.django_db
def test_reading_sets_no_cookie_and_asks_no_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/design/")
    assert dict(response.cookies) == {}
    assert "Cookie" in response.headers["Vary"]


def test_pages_and_staff_screens_have_their_own_policy(rf: RequestFactory) -> None:
    around = ContentPolicyMiddleware(lambda _request: HttpResponse())
    paths = ("/preferences/", "/staff/", "/staff/pages/", "/staffs/", "/es/staff/")
    policies = {path: around(rf.get(path)).headers["Content-Security-Policy"] for path in paths}
    assert [path for path in paths if policies[path] == STAFF_POLICY] == ["/staff/", "/staff/pages/"]
    assert [path for path in paths if policies[path] == PAGE_POLICY] == ["/preferences/", "/staffs/", "/es/staff/"]
    assert PAGE_POLICY.count("unsafe") == 0


def test_with_https_a_page_asks_for_it_everywhere(client: Client, settings: Settings) -> None:
    settings.SECURE = True
    policy = client.get("/preferences/").headers["Content-Security-Policy"]
    assert policy == f"{PAGE_POLICY}; upgrade-insecure-requests"


def test_the_style_sheet_is_small_and_kept_for_a_year_under_its_own_name(client: Client) -> None:
    sheet = style_sheet()
    response = client.get(f"/styles/{sheet.name}.css", headers={"accept-encoding": "gzip"})
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert gzip.decompress(response.content) == sheet.text
    assert len(response.content) < 12_000
    older = client.get("/styles/older.css")
    assert (older.content, older.headers["Cache-Control"]) == (sheet.text, "no-cache")


def test_styles_know_no_left_and_no_right() -> None:
    text = re.sub(r"/\*.*?\*/", "", style_sheet().text.decode(), flags=re.DOTALL)
    physical = r"[;{\s](?:(?:margin|padding|border|inset)-(?:left|right|top|bottom)|left|right|width|height)\s*:"
    assert re.findall(physical, re.sub(r"\((?:min|max)-width:", "(", text)) == []


def test_the_gallery_stays_below_sixty_kilobytes(client: Client) -> None:
    assert len(gzip.compress(client.get("/design/").content)) < 60_000
