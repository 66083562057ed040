"""How a room is read: what one missed, earlier talk, text alone, read out, and all of it without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.ground.served import Served
from tests.journeys.conftest import OpenPage, axe_finds
from tests.journeys.festival import CONNECTED, OVERFLOW, PHONE, in_room, said
from tests.journeys.measures import small_targets
from tests.journeys.room import much_talk, talk

pytestmark = pytest.mark.journey


@pytest.fixture
def wren(open_page: OpenPage, house: Served) -> Page:
    """Wren on a phone, in a room."""
    return in_room(open_page(viewport=PHONE), house, "Wren", "The courtyard")


def scroll_away(page: Page) -> None:
    page.locator(".log").evaluate("(log) => { log.scrollTop = -200; }")


def test_what_came_while_one_read_further_up_has_a_line_above_it(wren: Page, house: Served) -> None:
    much_talk(house, wren, 20)
    expect(said(wren).last).to_have_text("number 19")
    expect(wren.locator(".new")).to_have_count(0)
    scroll_away(wren)
    ahead = wren.locator("#ahead")
    expect(ahead).to_have_text("To the present")
    talk(house, wren, "you missed this")
    expect(ahead).to_have_text("To the present (1 new)")
    talk(house, wren, "and this")
    expect(ahead).to_have_text("To the present (2 new)")
    expect(wren.locator(".new")).to_have_text("New since you looked")
    expect(wren.locator(".new + .msg .said")).to_have_text("you missed this")
    assert axe_finds(wren) == []
    ahead.click()
    expect(said(wren).last).to_be_in_viewport()
    expect(ahead).to_be_hidden()
    scroll_away(wren)
    talk(house, wren, "later")
    expect(wren.locator(".new + .msg .said")).to_have_text("later")


def test_earlier_talk_comes_above_and_what_is_read_stays(wren: Page, house: Served) -> None:
    much_talk(house, wren, 90)
    wren.reload()
    expect(wren.locator("#state")).to_have_text(CONNECTED)
    expect(said(wren)).to_have_count(60)
    first = said(wren).first.element_handle()
    wren.locator(".log").evaluate("(log) => { log.scrollTop = -log.scrollHeight; }")
    before = first.bounding_box()
    assert before
    wren.locator("#earlier").click()
    expect(said(wren)).to_have_count(100)
    after = first.bounding_box()
    assert after
    assert abs(after["y"] - before["y"]) < 60
    numbers = [int(place) for place in wren.locator(".msg").evaluate_all("(all) => all.map((m) => m.dataset.sequence)")]
    assert numbers == sorted(set(numbers))
    expect(wren.locator(".msg[id=end]")).to_have_count(1)


def test_text_mode_asks_for_no_picture_and_is_remembered_by_this_tab_alone(wren: Page, house: Served) -> None:
    talk(house, wren, "without a face")
    wren.locator("[name=text]").fill("half a sen")
    wren.get_by_text("Read and search").click()
    assert small_targets(wren) == []
    assert axe_finds(wren) == []
    wren.get_by_role("link", name="Larger type").click()
    expect(wren.locator("#talk")).to_have_attribute("data-type", "2")
    wren.get_by_role("link", name="Text alone, for weak lines").click()
    expect(wren).to_have_url(re.compile(r"\?text=$"))
    expect(wren.locator("#state")).to_have_text(CONNECTED)
    expect(wren.locator("[name=text]")).to_have_value("half a sen")
    expect(wren.locator("#talk")).to_have_attribute("data-type", "2")
    asked: list[str] = []
    wren.on("request", lambda request: asked.append(request.resource_type))
    wren.goto(wren.url.partition("?")[0])
    expect(wren).to_have_url(re.compile(r"\?text=$"))
    expect(wren.locator("#state")).to_have_text(CONNECTED)
    talk(house, wren, "and still none")
    expect(said(wren).last).to_have_text("and still none")
    expect(wren.locator(".talk img")).to_have_count(0)
    expect(wren.locator(".stage")).to_have_count(0)
    assert "eventsource" in asked
    assert "image" not in asked[asked.index("eventsource") :]
    other = wren.context.new_page()
    other.goto(wren.url.partition("?")[0])
    expect(other.locator(".stage")).to_have_count(1)
    wren.get_by_text("Read and search").click()
    wren.get_by_role("link", name="With pictures").click()
    expect(wren.locator(".stage")).to_have_count(1)


def test_much_at_once_is_not_read_out_one_by_one(wren: Page, house: Served) -> None:
    log = wren.locator(".log")
    much_talk(house, wren, 3)
    expect(said(wren).last).to_have_text("number 2")
    expect(log).not_to_have_attribute("aria-live", "off")
    much_talk(house, wren, 9)
    expect(said(wren).last).to_have_text("number 8")
    expect(log).to_have_attribute("aria-live", "off")
    expect(wren.locator("#sum")).to_have_text("7 new messages", timeout=25_000)
    expect(log).not_to_have_attribute("aria-live", "off", timeout=25_000)
    wren.get_by_text("Read and search").click()
    wren.get_by_label("Read out").select_option("nothing")
    wren.reload()
    expect(wren.locator("#state")).to_have_text(CONNECTED)
    talk(house, wren, "read by eyes alone")
    expect(said(wren).last).to_have_text("read by eyes alone")
    expect(log).to_have_attribute("aria-live", "off")


def test_how_many_are_here_is_said_roughly(wren: Page) -> None:
    expect(wren.locator("#here")).to_have_text("Fewer than ten people are here.")


def test_without_javascript_one_answers_edits_deletes_and_searches(open_page: OpenPage, house: Served) -> None:
    page = in_by_hand(open_page, house)
    talk(house, page, "a question of law")
    page.reload()
    page.locator(".msg", has_text="a question of law").last.get_by_role("link", name="More").click()
    assert page.evaluate(OVERFLOW) == 0
    page.get_by_label("Your answer").fill("by hand")
    page.get_by_role("button", name="Answer").click()
    expect(said(page).last).to_have_text("by hand")
    expect(page.locator(".quote").last).to_contain_text("Heron a question of law")
    page.locator(".msg.mine").last.get_by_role("link", name="More").click()
    page.get_by_label("Your message").fill("by *hand* again")
    page.get_by_role("button", name="Change it").click()
    expect(said(page).last).to_have_text("by hand again")
    expect(page.locator(".edited").last).to_be_visible()
    page.locator(".msg.mine").last.get_by_role("link", name="More").click()
    page.get_by_role("link", name="Delete this message").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".msg.removed").last).to_have_text("Removed by its author.")
    page.get_by_text("Read and search").click()
    page.get_by_role("link", name="Search in this room").click()
    page.get_by_label("Search in this room").fill("QUESTION law")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Read on from here").first.click()
    expect(page.locator(":target .said")).to_have_text("a question of law")


def in_by_hand(open_page: OpenPage, house: Served) -> Page:
    return in_room(open_page(java_script_enabled=False, viewport=PHONE), house, "Dipper", "The courtyard")


def test_without_javascript_one_pages_back_and_returns(open_page: OpenPage, house: Served) -> None:
    page = in_by_hand(open_page, house)
    much_talk(house, page, 70)
    page.reload()
    expect(said(page)).to_have_count(60)
    first = said(page).first.inner_text()
    page.get_by_role("link", name="Earlier").click()
    assert said(page).last.inner_text() != first
    expect(page.get_by_text("This is earlier talk.")).to_be_visible()
    expect(page.locator("#say")).to_have_count(0)
    page.get_by_role("link", name="To the present").click()
    expect(said(page).last).to_have_text("number 69")
