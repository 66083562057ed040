"""The look in a real browser: readable in every scheme, direction and width, with and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.journeys.conftest import OpenPage, axe_finds

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(autouse=True)
def gallery_is_open(settings: Settings) -> None:
    settings.DEBUG = True


@pytest.mark.parametrize("scheme", ["light", "dark", "contrast"])
def test_a_scheme_wins_over_the_device(scheme: str, open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(color_scheme="light" if scheme == "dark" else "dark", contrast="more")
    page.context.add_cookies([{"name": "scheme", "value": scheme, "url": live_server.url}])
    page.goto(f"{live_server.url}/design/")
    papers = {"light": "rgb(251, 247, 239)", "dark": "rgb(20, 17, 42)", "contrast": "rgb(255, 255, 255)"}
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == papers[scheme]
    assert axe_finds(page) == []


def test_nothing_runs_over_at_320_pixels_with_text_twice_as_large(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    page.goto(f"{live_server.url}/design/")
    assert page.evaluate(OVERFLOW) == 0
    page = open_page(viewport={"width": 640, "height": 640}, device_scale_factor=2)
    page.goto(f"{live_server.url}/design/")
    page.evaluate("document.documentElement.classList.add('twice')")
    page.evaluate("document.adoptedStyleSheets = [new CSSStyleSheet()]")
    page.evaluate("document.adoptedStyleSheets[0].insertRule('html { font-size: 200% !important }')")
    assert page.evaluate(OVERFLOW) == 0


def test_the_visitors_clock_is_filled_in_by_the_browser(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(timezone_id="America/Lima", locale="en-GB")
    page.goto(f"{live_server.url}/design/")
    expect(page.locator("time.yours")).to_have_text(["04:00 yours", "08:00 yours", "17:00 yours", "Tue 22:00 yours"])


def test_who_enters_goes_on_in_their_own_language(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(locale="es-PE")
    page.goto(f"{live_server.url}/preferences/")
    assert axe_finds(page) == []
    page.get_by_role("link", name="Esta página también está en tu idioma: Español").click()
    assert page.url == f"{live_server.url}/es/preferences/"
    page.locator(".menu > summary").click()
    page.get_by_role("link", name="English").click()
    assert page.url == f"{live_server.url}/preferences/"
    expect(page.locator(".offered")).to_have_count(0)


def test_without_scripts_zone_and_colours_are_chosen_on_a_page(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{live_server.url}/es/design/?page=2")
    page.locator(".knob[href*=preferences]").click()
    page.locator("select[name=zone]").select_option("America/Lima")
    page.get_by_label("Oscuro").check()
    page.get_by_role("button", name="Guardar").click()
    assert page.url == f"{live_server.url}/es/design/?page=2"
    expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    expect(page.locator("time.yours").first).to_have_text("04:00 en tu hora")


def test_escape_three_times_leaves_at_once(page: Page, live_server: LiveServer, settings: Settings) -> None:
    settings.LEAVE_ADDRESS = f"{live_server.url}/robots.txt"
    page.goto(f"{live_server.url}/preferences/")
    page.goto(f"{live_server.url}/design/")
    for _press in range(2):
        page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    assert page.url == f"{live_server.url}/design/"
    for _press in range(2):
        page.keyboard.press("Escape")
    page.wait_for_url("**/robots.txt")
    page.go_back()
    assert page.url == f"{live_server.url}/preferences/"


@pytest.mark.parametrize("scripts", [True, False])
def test_leave_quickly_is_a_link_too(
    *, scripts: bool, open_page: OpenPage, live_server: LiveServer, settings: Settings
) -> None:
    settings.LEAVE_ADDRESS = f"{live_server.url}/robots.txt"
    page = open_page(java_script_enabled=scripts)
    page.goto(f"{live_server.url}/preferences/")
    page.goto(f"{live_server.url}/design/")
    page.get_by_role("link", name="Leave quickly").click()
    page.wait_for_url("**/robots.txt")
    page.go_back()
    assert page.url == f"{live_server.url}/{'preferences' if scripts else 'design'}/"


def test_a_dialogue_opens_and_closes_by_keyboard(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/design/")
    page.get_by_role("button", name="Leave the room").press("Enter")
    dialogue = page.get_by_role("dialog", name="Leave the room?")
    expect(dialogue).to_be_visible()
    assert axe_finds(page) == []
    dialogue.get_by_role("button", name="Stay here").press("Enter")
    expect(dialogue).to_be_hidden()


def test_an_unknown_address_can_be_read_by_everybody(
    page: Page, faults: list[str], live_server: LiveServer, settings: Settings
) -> None:
    settings.DEBUG = False
    page.goto(f"{live_server.url}/ar/nowhere/")
    assert axe_finds(page) == []
    assert len(faults) == 1
    assert faults.pop().count("status of 404") == 1
