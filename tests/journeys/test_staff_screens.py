"""Wagtail's screens work under the policy that we give them, carry our name, and wear our look in every scheme."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tertulia.home.models import HomePage
from tertulia.people.actions import appoint
from tertulia.people.models import Account, StaffRole
from tests.factories import make_account, make_event, make_session
from tests.factories.people import sign_in
from tests.journeys.conftest import OpenPage, axe_finds
from tests.journeys.measures import runs_over
from tests.programme.schedules import FILES

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1400, "height": 900}
# Of what stands among Wagtail's own, which are lower. Not asked: links inside a sentence.
SMALL_TARGETS = """() => [...document.querySelectorAll(".house :is(a, button, input:not([type=hidden]))")]
  .filter((target) => target.getClientRects().length && !target.matches("p:not(.house-what) > a"))
  .filter((target) => target.getBoundingClientRect().height < 43.9)
  .map((target) => target.outerHTML.slice(0, 90))"""
FIRST_PAGE, IMPORT = "/staff/", "/staff/programme/import/"


@pytest.fixture
def enter(open_page: OpenPage, live_server: LiveServer) -> Callable[..., Page]:
    """Opens a page of a colleague who is signed in and may do everything."""

    def enter_with(**options: Any) -> Page:
        page = open_page(**{"viewport": DESKTOP, "base_url": live_server.url, **options})
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": _signed_in(), "url": live_server.url}]
        )
        return page

    return enter_with


def test_an_editor_changes_the_front_page_and_looks_at_it_first(enter: Callable[..., Page]) -> None:
    page = enter()
    page.goto(FIRST_PAGE)
    expect(page.get_by_role("img", name="Tertulia").first).to_be_visible()
    page.goto(f"/staff/pages/{HomePage.objects.get().pk}/edit/")
    page.get_by_role("textbox", name="Headline").fill("Nine nights under one sky")
    page.get_by_role("button", name="Toggle preview").click()
    expect(page.frame_locator("#w-preview-iframe").locator("h1")).to_have_text("Nine nights under one sky")
    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/staff/pages/**")
    page.goto("/es/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nine nights under one sky")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, locale: str, viewport: Any, enter: Callable[..., Page]) -> None:
    page = enter(viewport=viewport, color_scheme=scheme, locale=locale)
    edit = f"/staff/pages/{HomePage.objects.get().pk}/edit/"
    _looks_well(page, FIRST_PAGE)
    _make_events()
    for address in (FIRST_PAGE, "/staff/events/", "/staff/sessions/", IMPORT, edit):
        _looks_well(page, address)
    _upload(page)
    assert axe_finds(page) == []
    assert runs_over(page) == []


def test_high_contrast_holds_by_the_device_and_by_choice(enter: Callable[..., Page]) -> None:
    _make_events()
    page = enter(contrast="more")
    for papers in ("rgb(251, 247, 239)", "rgb(255, 255, 255)"):
        for address in (FIRST_PAGE, IMPORT, "/staff/sessions/"):
            _looks_well(page, address)
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == papers
        page.context.add_cookies([{"name": "scheme", "value": "contrast", "url": page.url}])


def test_a_programme_is_imported_by_keyboard(enter: Callable[..., Page]) -> None:
    page = enter()
    page.goto(FIRST_PAGE)
    page.wait_for_selector("body.ready")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("link", name="Import a programme").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{IMPORT}")
    page.get_by_label("The programme").set_input_files(FILES / "small.json")
    page.get_by_label("The programme").focus()
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="See what would change")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What is in the file")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Import it")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/events/")
    expect(page.get_by_role("status")).to_contain_text("Imported into small-nights. Sessions: 3 added")
    page.goto(FIRST_PAGE)
    expect(page.get_by_role("link", name="Small nights")).to_be_visible()


def test_the_menu_counts_nothing_up(enter: Callable[..., Page]) -> None:
    page = enter()
    page.goto(FIRST_PAGE)
    expect(page.get_by_role("button", name="Help")).to_be_visible()
    expect(page.locator(".w-dismissible-badge")).to_have_count(0)


def test_the_list_of_sessions_folds_on_a_phone(enter: Callable[..., Page]) -> None:
    _make_events()
    page = enter(viewport=PHONE)
    page.goto("/staff/sessions/")
    title, table = page.locator("td.title").first.bounding_box(), page.locator("table.listing").bounding_box()
    assert title
    assert table
    assert title["width"] > 300
    assert table["width"] <= PHONE["width"]


def _looks_well(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".sidebar")).to_be_attached()
    assert axe_finds(page) == []
    assert runs_over(page) == []
    assert page.evaluate(SMALL_TARGETS) == []


def _upload(page: Page) -> None:
    page.goto(IMPORT)
    page.locator("input[type=file]").set_input_files(FILES / "small.json")
    page.locator(".house-form button").click()
    page.wait_for_selector("#preview")


def _make_events() -> None:
    """One that is on, with what needs doing, and one without anything."""
    today = timezone.now().date() - timedelta(days=1)
    event = make_event("nights", "Small nights", days=4, first_day=today)
    for hour in (24, 48, 52):
        title = "A title that is longer than most titles are, and goes on, because somebody had much to say"
        make_session(event, title, hour=hour, track="Justice", session_type="Panel")
    make_session(event, "باب يفتح", language="ar").slots.all().delete()
    make_event("bare", "Bare evening", first_day=today + timedelta(days=90))


def _signed_in() -> str:
    """The token of an administrator's session."""
    client, account = Client(), make_account("organiser")
    appoint(account, StaffRole.ADMINISTRATOR)
    sign_in(client, Account.objects.get(pk=account.pk))
    return client.cookies[settings.SESSION_COOKIE_NAME].value
