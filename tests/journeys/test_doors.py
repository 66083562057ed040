"""Coming in, coming back and leaving in a real browser, with scripts and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tertulia.people.actions import issue_sign_in_link
from tests.factories import make_account, make_event
from tests.journeys.conftest import OpenPage

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def festival() -> None:
    make_event("festival", title="A festival of one evening")


def come_in(page: Page, live_server: LiveServer, language: str = "") -> str:
    """Come in as Wren; the words that the page shows."""
    page.goto(f"{live_server.url}{language}/events/festival/join/")
    page.locator("[name=chosen_name]").fill("Wren")
    page.locator("main form button[type=submit]").click()
    return " ".join(page.locator("#words").inner_text().split())


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_in_and_out_and_in_again(scripts: bool, open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(java_script_enabled=scripts)
    words = come_in(page, live_server)
    assert len(words.split()) == 6
    page.get_by_role("link", name="I have kept it").click()
    expect(page).to_have_url(f"{live_server.url}/events/festival/")
    page.goto(f"{live_server.url}/me/")
    expect(page.get_by_text("Wren")).to_be_visible()
    page.get_by_role("button", name="Leave", exact=True).click()
    expect(page.get_by_role("heading", name="You have left")).to_be_visible()
    assert page.context.cookies() == []
    page.get_by_role("link", name="Come back with your words").click()
    page.get_by_label("Your way back in").fill(words.upper().replace(" ", ", "))
    page.get_by_role("button", name="Come back in").click()
    expect(page.get_by_text("Wren")).to_be_visible()


def test_the_words_are_shown_once_whatever_the_browser_does(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page()
    come_in(page, live_server)
    page.reload()
    expect(page.get_by_text("It was shown once")).to_be_visible()
    page.go_back()
    page.go_forward()
    expect(page.locator("#words")).to_have_count(0)
    page.get_by_role("button", name="Make a new way back in").click()
    expect(page.locator("#words span")).to_have_count(6)


def test_the_words_can_be_copied_and_printed(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    words = come_in(page, live_server)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == words
    page.emulate_media(media="print")
    expect(page.locator("#words")).to_be_visible()
    expect(page.get_by_role("link", name="I have kept it")).to_be_hidden()


def test_staff_come_in_by_their_link(open_page: OpenPage, live_server: LiveServer) -> None:
    token = issue_sign_in_link(make_account("organiser"), 10, loopback_only=True)
    page = open_page()
    page.goto(f"{live_server.url}/staff-door/{token}/")
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(f"{live_server.url}/staff/")
