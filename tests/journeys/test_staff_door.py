"""Colleagues set up a factor and come in by it in a real browser, with scripts and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tertulia.people.actions import issue_sign_in_link
from tests.factories import make_account
from tests.journeys.conftest import OpenPage, axe_finds
from tests.journeys.measures import runs_over
from tests.journeys.test_passkeys import PRETENDED
from tests.people.factors.ways import code_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _named_site(live_server: LiveServer, settings: Settings) -> None:
    settings.ADDRESS = live_server.url


def device_of(page: Page) -> None:
    """A passkey device in the browser, whose owner is there and shows a finger."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": PRETENDED})


def test_a_colleague_makes_a_passkey_and_comes_in_with_it(open_page: OpenPage, live_server: LiveServer) -> None:
    token = issue_sign_in_link(make_account("organiser"), 10)
    page = open_page()
    device_of(page)
    page.goto(f"{live_server.url}/staff-door/{token}/")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="How you come in")).to_be_visible()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What you call it").fill("blue key")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="blue key")).to_be_visible()
    page.get_by_role("button", name="Leave", exact=True).first.click()
    expect(page.get_by_role("heading", name="You have left")).to_be_visible()
    page.goto(f"{live_server.url}/staff-door/?next=/staff/persons/")
    page.get_by_role("button", name="Come in with a passkey").click()
    expect(page).to_have_url(f"{live_server.url}/staff/persons/")
    page.goto(f"{live_server.url}/staff-door/factors/passkey/")
    page.get_by_role("button", name="Show a passkey").click()
    expect(page.get_by_role("heading", name="A new passkey")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_password_and_an_app(scripts: bool, open_page: OpenPage, live_server: LiveServer) -> None:
    account = make_account("organiser")
    token = issue_sign_in_link(account, 10)
    page = open_page(java_script_enabled=scripts)
    page.goto(f"{live_server.url}/staff-door/{token}/")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="Set it up").click()
    secret = page.locator("main code").inner_text()
    assert not scripts or (axe_finds(page), runs_over(page)) == ([], [])
    page.get_by_label("The six digits that the app shows now").fill(code_of(secret))
    page.get_by_label("A password").fill("nine herons over the lagoon")
    page.get_by_label("The password again").fill("nine herons over the lagoon")
    page.get_by_role("button", name="Come in this way from now on").click()
    expect(page.locator("#words span")).to_have_count(10)
    codes = page.locator("#words span").all_inner_texts()
    assert not scripts or (axe_finds(page), runs_over(page)) == ([], [])
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/staff-door/")
    expect(page.get_by_role("button", name="Come in with a passkey")).to_be_visible(visible=scripts)
    page.get_by_label("Your name for colleagues").fill(account.pseudonym)
    page.get_by_label("Password", exact=True).fill("nine herons over the lagoon")
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_role("button", name="Come in with a code").click()
    expect(page).to_have_url(f"{live_server.url}/staff/")
