"""When the connection goes: a quiet word on the page, and one kept page where the site is installed as an app."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.templatetags.static import static
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tertulia.live.actions import open_rooms, set_audience
from tertulia.live.models import Audience
from tests.factories import make_event, make_room
from tests.journeys.browser import CHROMIUM, FLAGS
from tests.journeys.conftest import PATIENCE, axe_finds, watch

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
WORDS = "No connection. What you see stays readable."
LEFT_BEHIND = """async () => [
  (await navigator.serviceWorker.getRegistrations()).length,
  (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys())))).flat()
    .map((request) => new URL(request.url).pathname).sort(),
]"""

NOTHING_LEFT = f"async () => String(await ({LEFT_BEHIND})()) === '0,'"


@pytest.fixture
def app(browser: Browser, faults: list[str], live_server: LiveServer, tmp_path: Path) -> Iterator[Page]:
    """The site as a device shows it that has it on its first screen: in a window of its own."""
    flags = [*FLAGS, f"--app={live_server.url}/"]
    context = browser.browser_type.launch_persistent_context(tmp_path, executable_path=CHROMIUM, args=flags)
    context.set_default_timeout(PATIENCE)
    [window] = context.pages
    watch(window, faults)
    yield window
    context.close()
    assert faults == []


def becomes(page: Page, condition: str) -> bool:
    """Whether a condition (a function in JavaScript) holds within 15 seconds.

    Playwright's own waiting evaluates text in the page, which the page's policy forbids.
    """
    once = f"if (await ({condition})()) return true; await new Promise((go) => setTimeout(go, 50));"
    return bool(page.evaluate(f"async () => {{ for (let n = 0; n < 300; n += 1) {{ {once} }} return false; }}"))


def installed(page: Page) -> bool:
    """Whether the worker comes and answers for this page."""
    return becomes(page, "() => navigator.serviceWorker.controller?.state === 'activated'")


def test_the_page_says_that_the_line_is_gone_and_that_it_is_back(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/")
    notice = page.locator(".toast.away")
    expect(notice).to_be_empty()
    page.context.set_offline(True)
    expect(notice).to_have_text(WORDS)
    assert (notice.get_attribute("role"), axe_finds(page)) == ("status", [])
    page.context.set_offline(False)
    expect(notice).to_be_empty()


def test_a_room_says_it_once_in_its_own_words(page: Page, faults: list[str], live_server: LiveServer) -> None:
    event = make_event("nights")
    make_room(event)
    open_rooms(event)
    room = event.live_rooms.get()
    set_audience(room, Audience.PUBLIC)
    page.goto(f"{live_server.url}/live/{room.public_id}/")
    page.context.set_offline(True)
    expect(page.locator("[data-away]")).to_have_count(1)
    expect(page.locator(".toast.away")).to_have_count(0)
    # No relay is here: what the room asks for in vain is no fault, and it asks until one goes.
    page.goto("about:blank")
    faults.clear()


def test_a_tab_of_a_browser_leaves_nothing_behind(page: Page, live_server: LiveServer) -> None:
    for path in ("/", "/events/", "/preferences/"):
        page.goto(f"{live_server.url}{path}", wait_until="networkidle")
    assert page.evaluate(LEFT_BEHIND) == [0, []]


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_an_app_without_connection_shows_the_kept_page(
    app: Page, faults: list[str], live_server: LiveServer, prefix: str
) -> None:
    assert installed(app)
    address = f"{live_server.url}{prefix}/events/"
    app.context.set_offline(True)
    app.goto(address)
    kept, again = app.locator(".empty h1"), app.locator(".empty a.button")
    expect(kept).to_be_visible()
    assert app.evaluate("document.documentElement.lang") == (prefix.strip("/") or "en")
    # Its style is kept as well.
    assert app.locator(".bar").evaluate("(bar) => getComputedStyle(bar).backgroundColor") == "rgb(23, 20, 43)"
    assert axe_finds(app) == []
    again.click()
    expect(kept).to_be_visible()
    app.context.set_offline(False)
    again.click()
    expect(app.locator("nav a[aria-current=page]")).to_have_count(1)
    assert app.url == address
    faults.clear()


def test_an_app_keeps_no_page_that_was_seen(app: Page, live_server: LiveServer) -> None:
    assert installed(app)
    for path in ("/events/", "/preferences/"):
        app.goto(f"{live_server.url}{path}", wait_until="networkidle")
    count, kept = app.evaluate(LEFT_BEHIND)
    assert count == 1
    assert [path for path in kept if not path.startswith("/styles/")] == [
        "/ar/offline/",
        "/es/offline/",
        "/offline/",
        static("design/favicon.svg"),
    ]
    assert len(kept) == 5


def test_what_an_app_left_is_cleared_by_the_next_tab(app: Page, live_server: LiveServer) -> None:
    assert installed(app)
    tab = app.context.new_page()
    tab.goto(f"{live_server.url}/events/", wait_until="networkidle")
    app.close()
    assert becomes(tab, NOTHING_LEFT)


@pytest.mark.parametrize(
    ("path", "press", "said"),
    [("/me/", "Leave", "You have left"), ("/me/delete/", "Delete it now", "It is deleted")],
    ids=["leaves", "is deleted"],
)
def test_who_goes_sends_the_worker_away_too(
    app: Page, live_server: LiveServer, path: str, press: str, said: str
) -> None:
    make_event("nights")
    assert installed(app)
    app.goto(f"{live_server.url}/events/nights/join/")
    app.locator("[name=chosen_name]").fill("Wren")
    app.locator("main form button[type=submit]").click()
    app.goto(f"{live_server.url}{path}")
    app.get_by_role("button", name=press, exact=True).click()
    expect(app.get_by_role("heading", name=said)).to_be_visible()
    assert becomes(app, NOTHING_LEFT)
