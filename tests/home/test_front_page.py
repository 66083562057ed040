"""The front page, the error pages and the word to search engines."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override
from wagtail.models import Site

from tertulia.home.models import HomePage
from tertulia.kit.registry import NavigationEntry, Region, navigation, regions

pytestmark = pytest.mark.django_db


def test_a_new_house_has_a_front_page_of_ours() -> None:
    site = Site.objects.get()
    assert site.is_default_site
    assert site.root_page.specific == HomePage.objects.get()
    assert HomePage.objects.get().get_parent().is_root()


@pytest.mark.parametrize("address", ["/", "/es/", "/ar/"])
def test_it_is_served_in_every_language(address: str, client: Client) -> None:
    response = client.get(address)
    assert (response.status_code, dict(response.cookies)) == (200, {})
    assert response.content.decode().count("<h1>Tertulia</h1>") == 1


def test_it_says_what_the_organisation_wrote(client: Client) -> None:
    HomePage.objects.update(motto="Nine nights", welcome="One <b>line</b>\nand another")
    html = client.get("/").content.decode()
    assert html.count('<h1 dir="auto">Nine nights</h1>') == 1
    assert html.count("One &lt;b&gt;line&lt;/b&gt;<br>and another") == 1


def test_it_shows_what_others_offer_and_leaves_out_what_they_do_not(monkeypatch: Any) -> None:
    monkeypatch.setattr(regions, "_entries", {})
    regions.offer("one", Region("home", "design/_badge.html", lambda page, _request: {"text": page}))
    regions.offer("two", Region("home", "design/_badge.html", lambda _page, _request: None))
    regions.offer("three", Region("elsewhere", "design/_badge.html", lambda _page, _request: {"text": "x"}))
    given = Context({"page": "subject", "request": RequestFactory().get("/")})
    html = Template("{% load look %}{% regions 'home' page %}").render(given)
    assert html.strip() == '<span class="badge ">subject</span>'


def test_the_header_leads_to_what_is_offered_in_order(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(navigation, "_entries", {})
    navigation.offer("later", NavigationEntry("Later", "robots", 20))
    navigation.offer("first", NavigationEntry("First", "design:preferences", 10))
    html = client.get("/es/preferences/").content.decode()
    first = '<li><a href="/es/preferences/" aria-current="page">First</a></li>'
    assert html.count(f'<ul>{first}<li><a href="/robots.txt">Later</a></li></ul>') == 1


def test_an_unknown_address_is_answered_in_the_look(client: Client) -> None:
    response = client.get("/es/nowhere/")
    assert response.status_code == 404
    assert response.content.decode().count("<h1>Ninguna estrella con ese nombre</h1>") == 1


@pytest.mark.parametrize("template", ["400.html", "403_csrf.html", "500.html"])
def test_pages_for_the_worst_need_no_request(template: str) -> None:
    with override("ar"):
        html = render_to_string(template)
    assert html.count('<html lang="ar" dir="rtl">') == 1
    assert html.count("· Tertulia</title>") == 1


def test_search_engines_stay_out_of_rooms_and_staff_screens(client: Client) -> None:
    closed = ["/staff/", "/live/", "/es/live/", "/ar/live/"]
    assert client.get("/robots.txt").content.decode() == "".join(
        ["User-agent: *\n", *(f"Disallow: {path}\n" for path in closed)]
    )
