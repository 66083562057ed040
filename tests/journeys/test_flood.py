"""Coming in while very many do: a device works for it by itself, and who has no scripts waits and presses again."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.templatetags.static import static
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tertulia.kit import work
from tertulia.programme.models import Participation
from tertulia.programme.views import participation
from tests.factories import make_event
from tests.journeys.conftest import OpenPage
from tests.people import flood

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def pressed(monkeypatch: pytest.MonkeyPatch) -> None:
    make_event("festival", title="A festival of one evening")
    gate = flood.few(1, 100)
    gate.count("127.0.0.1")
    monkeypatch.setattr(participation, "NEWCOMERS", gate)


@pytest.fixture
def open_pressed(open_page: OpenPage, faults: list[str]) -> Iterator[OpenPage]:
    """The same; Chromium calls the page that asks for work, with its status of 429, a fault."""
    yield open_page
    faults[:] = [fault for fault in faults if "429" not in fault]


def press(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/events/festival/join/")
    page.locator("[name=chosen_name]").fill("Curlew")
    page.locator("main form button[type=submit]").click()


def test_the_device_works_for_it_and_goes_on_by_itself(open_pressed: OpenPage, live_server: LiveServer) -> None:
    page = open_pressed()
    press(page, live_server)
    expect(page.locator("#words span")).to_have_count(6)
    assert Participation.objects.get().chosen_name == "Curlew"


def test_without_scripts_one_waits_and_presses_again(
    open_pressed: OpenPage, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_pressed(java_script_enabled=False)
    press(page, live_server)
    expect(page.get_by_text("in 30 seconds, press the button again")).to_be_visible()
    expect(page.get_by_text("Your device does a small piece of work")).to_be_hidden()
    expect(page.locator("[name=chosen_name]")).to_have_value("Curlew")
    now = time.time() + 30
    monkeypatch.setattr(time, "time", lambda: now)
    page.get_by_role("button", name="Come in").click()
    expect(page.locator("#words span")).to_have_count(6)


def test_what_the_script_works_out_is_believed(open_page: OpenPage, live_server: LiveServer) -> None:
    page, box = open_page(), work.task("festival")
    page.goto(f"{live_server.url}/events/festival/join/")
    given = [f"{live_server.url}{static('people/work.js')}", work.seed(box), work.PIECES, work.BITS]
    done = page.evaluate(
        "async ([file, seed, pieces, bits]) => (await import(file)).work(seed, pieces, bits, () => {})", given
    )
    assert done == work.do(box)
    assert work.is_done(box, done, "festival")


def test_a_device_whose_clock_says_1970_works_and_comes_in_too(open_pressed: OpenPage, live_server: LiveServer) -> None:
    page = open_pressed()
    page.clock.set_fixed_time(0)
    press(page, live_server)
    expect(page.locator("#words span")).to_have_count(6)
