"""Wagtail's screens work under the policy that we give them, and carry our name."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tertulia.home.models import HomePage
from tertulia.people.models import Account
from tests.journeys.conftest import OpenPage

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_an_editor_changes_the_front_page_and_looks_at_it_first(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(viewport={"width": 1400, "height": 900})
    token = _signed_in()
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": token, "url": live_server.url}])
    page.goto(f"{live_server.url}/staff/")
    expect(page.get_by_role("img", name="Tertulia").first).to_be_visible()
    page.goto(f"{live_server.url}/staff/pages/{HomePage.objects.get().pk}/edit/")
    page.get_by_role("textbox", name="Headline").fill("Nine nights under one sky")
    page.get_by_role("button", name="Toggle preview").click()
    expect(page.frame_locator("#w-preview-iframe").locator("h1")).to_have_text("Nine nights under one sky")
    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/staff/pages/**")
    page.goto(f"{live_server.url}/es/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nine nights under one sky")


def _signed_in() -> str:
    """The token of an administrator's session."""
    client = Client()
    client.force_login(Account.objects.create(pseudonym="Editor", is_superuser=True))
    return client.cookies[settings.SESSION_COOKIE_NAME].value
