"""A festival from outside to the way home: the programme, the door, the room, the line cut, and coming back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, Route, expect

from tests.ground.served import Served
from tests.journeys.conftest import OpenPage, axe_finds
from tests.journeys.festival import (
    AWAY,
    CONNECTED,
    DESKTOP,
    OVERFLOW,
    PHONE,
    come_in,
    in_room,
    room_path,
    said,
    take_out,
    write,
)

pytestmark = pytest.mark.journey


def test_a_visitor_reads_from_the_event_to_a_contributor(open_page: OpenPage, house: Served) -> None:
    page = open_page(viewport=PHONE)
    page.goto(f"{house.url}/events/")
    page.get_by_role("link", name="One sky, two evenings").click()
    page.get_by_role("link", name="The whole programme").first.click()
    titles = page.locator(".session h3")
    expect(titles).to_have_count(6)
    page.get_by_role("navigation", name="Tracks").get_by_role("link", name="Justice").click()
    expect(titles).to_have_text(["Who asks?", "A law and its letters"])
    page.get_by_role("navigation", name="Kinds of session").get_by_role("link", name="Panel").click()
    expect(titles).to_have_text(["Who asks?"])
    page.get_by_role("link", name="Who asks?").click()
    expect(page.get_by_text("We begin with a question, and leave it open.")).to_be_visible()
    page.get_by_role("link", name="Second Sample").click()
    expect(titles).to_have_text(["Who asks?", "What the numbers leave out"])
    assert page.context.cookies() == []


def test_times_are_on_two_clocks(open_page: OpenPage, house: Served) -> None:
    page = open_page(viewport=PHONE, timezone_id="Asia/Tokyo")
    page.goto(f"{house.url}/events/one-sky/programme/")
    times = page.locator(".session").first.locator("time")
    expect(times).to_have_text(["10:00–11:00", "18:00 yours"])
    page.locator(".knob").click()
    page.locator("select[name=zone]").select_option("America/Lima")
    page.get_by_role("button", name="Keep this").click()
    expect(page).to_have_url(f"{house.url}/events/one-sky/programme/")
    expect(times).to_have_text(["10:00–11:00", "04:00 yours"])
    in_room(page, house, "Kestrel", "The courtyard")
    write(page, "what time is it?")
    expect(page.locator(".msg:not(.waiting) time").last).to_have_text(lima_clock(page))


def lima_clock(page: Page) -> str:
    """What a clock in Lima shows for the last message."""
    expect(page.locator(".msg:not(.waiting)").last).to_have_attribute("data-sequence", "1")
    script = """(time) => new Date(time.dateTime).toLocaleTimeString("en-GB", {
      hour: "2-digit", minute: "2-digit", timeZone: "America/Lima" })"""
    shown: str = page.locator(".msg time").last.evaluate(script)
    return shown


def test_two_people_talk_each_in_their_own_language(open_page: OpenPage, house: Served) -> None:
    wren = in_room(open_page(viewport=PHONE), house, "Wren")
    noor = in_room(open_page(viewport=DESKTOP, locale="ar"), house, "نور", language="/ar")
    expect(noor.locator("html")).to_have_attribute("dir", "rtl")
    expect(wren.locator("#state")).to_have_text(CONNECTED)
    wren.evaluate("window.before = true")
    for number in range(3):
        write(wren, f"good evening {number}")
        expect(said(noor).last).to_have_text(f"good evening {number}")
        write(noor, f"مساء الخير {number}")
        expect(said(wren).last).to_have_text(f"مساء الخير {number}")
    whole = [text for number in range(3) for text in (f"good evening {number}", f"مساء الخير {number}")]
    for page in (wren, noor):
        expect(said(page)).to_have_text(whole)
        expect(page.locator(".waiting")).to_have_count(0)
        expect(page.locator(".mine")).to_have_count(3)
        assert page.locator(".msg bdi").all_inner_texts() == ["Wren", "نور"] * 3
    expect(wren.locator("[name=text]")).to_be_focused()
    assert wren.evaluate("window.before")
    wren.reload()
    expect(said(wren)).to_have_text(whole)


def test_one_person_in_two_tabs_hears_everything_once_in_each(open_page: OpenPage, house: Served) -> None:
    first = in_room(open_page(), house, "Heron", "The courtyard")
    before = said(first).count()
    second = first.context.new_page()
    second.goto(first.url)
    expect(second.locator("#state")).to_have_text(CONNECTED)
    write(first, "from the first")
    expect(said(second).last).to_have_text("from the first")
    write(second, "from the second")
    for tab in (first, second):
        expect(said(tab).last).to_have_text("from the second")
        expect(said(tab)).to_have_count(before + 2)
        expect(tab.locator(".mine")).to_have_count(2)


def earlier(*moments: str) -> Callable[[Route], None]:
    """Gives the page with its messages dated by these moments, the last one for all that are left."""

    def give(route: Route) -> None:
        answer, left = route.fetch(), list(moments)
        dated = re.sub(
            r'(<time datetime=")[^"]+(" data-clock)',
            lambda found: found[1] + (left.pop(0) if len(left) > 1 else left[0]) + found[2],
            answer.text(),
        )
        route.fulfill(response=answer, body=dated)

    return give


def test_days_part_the_talk_on_the_clock_of_who_reads(open_page: OpenPage, house: Served) -> None:
    page = in_room(open_page(viewport=PHONE, timezone_id="Pacific/Kiritimati"), house, "Wren", "The courtyard")
    noor = in_room(open_page(), house, "Noor", "The courtyard")
    for number in range(3):
        write(noor, f"{number} " + "and so on " * 40)
        expect(said(page).last).to_contain_text(f"{number} and")
    # One day in UTC, two on an island that is 14 hours ahead.
    page.route(page.url, earlier("2026-11-02T09:59:00+00:00", "2026-11-02T10:01:00+00:00"))
    page.reload()
    expect(page.locator("#state")).to_have_text(CONNECTED)
    days = page.locator(".msgs .day time")
    expect(days).to_have_text([re.compile("Monday,? 2 November 2026"), re.compile("Tuesday,? 3 November 2026")])
    assert page.locator(".day + .msg time").all_inner_texts() == ["23:59", "00:01"]
    assert axe_finds(page) == []
    watched = page.locator(".msg .said").last.element_handle()
    assert page.locator(".log").evaluate("(log) => { log.scrollTop = -150; return log.scrollTop; }") == -150
    before = watched.bounding_box()
    write(noor, "good morning")
    expect(said(page).last).to_have_text("good morning")
    expect(page.locator(".msgs li").nth(-2)).to_have_class("day")
    assert watched.bounding_box() == pytest.approx(before, abs=0.5)
    last = datetime.fromisoformat(page.locator(".msg time").last.get_attribute("datetime") or "")
    expect(days.last).to_have_attribute("datetime", f"{last.astimezone(ZoneInfo('Pacific/Kiritimati')):%Y-%m-%d}")
    write(noor, "and good night")
    expect(said(page).last).to_have_text("and good night")
    expect(days).to_have_count(3)


def test_the_server_goes_and_comes_back_and_nothing_is_missed(
    open_page: OpenPage, house: Served, faults: list[str]
) -> None:
    wren, noor = (in_room(open_page(viewport=PHONE), house, name) for name in ("Wren", "Noor"))
    before = said(wren).all_inner_texts()
    write(wren, "before")
    expect(said(noor)).to_have_text([*before, "before"])
    house.kill()
    for page in (wren, noor):
        expect(page.locator("#state")).to_have_text(AWAY)
    for page, texts in ((wren, ["one", "two", "three"]), (noor, ["four", "five"])):
        for text in texts:
            write(page, text)
        expect(page.locator(".waiting .said")).to_have_text(texts)
    noor.locator("[name=text]").fill("half a sen")
    house.start()
    for page in (wren, noor):
        expect(page.locator("#state")).to_have_text(CONNECTED)
        expect(page.locator(".waiting")).to_have_count(0)
        expect(said(page)).to_have_count(len(before) + 6)
    heard = said(wren).all_inner_texts()
    assert said(noor).all_inner_texts() == heard
    assert heard[: len(before) + 1] == [*before, "before"]
    after = heard[len(before) + 1 :]
    assert [text for text in after if text in {"one", "two", "three"}] == ["one", "two", "three"]
    assert [text for text in after if text in {"four", "five"}] == ["four", "five"]
    expect(noor.locator("[name=text]")).to_have_value("half a sen")
    assert take_out(faults, "net::ERR") > 0


def test_a_line_that_is_cut_on_the_way_is_taken_up_again(open_page: OpenPage, house: Served, faults: list[str]) -> None:
    wren, noor = (in_room(open_page(), house, name) for name in ("Wren", "Noor"))
    before = said(wren).count()
    wren.context.set_offline(True)
    expect(wren.locator("#state")).to_have_text(AWAY)
    write(wren, "from the tunnel")
    write(noor, "meanwhile")
    expect(said(noor)).to_have_count(before + 1)
    wren.context.set_offline(False)
    for page in (wren, noor):
        expect(page.locator(".waiting")).to_have_count(0)
        expect(said(page)).to_have_count(before + 2)
        assert said(page).all_inner_texts()[before:] == ["meanwhile", "from the tunnel"]
    expect(wren.locator("#state")).to_have_text(CONNECTED)
    take_out(faults, "net::ERR")


def test_a_ticket_that_has_run_out_is_replaced(open_page: OpenPage, house: Served, faults: list[str]) -> None:
    page = in_room(open_page(), house, "Wren", "The courtyard")
    page.context.clear_cookies(name="t")
    write(page, "with a new ticket")
    expect(page.locator(".waiting")).to_have_count(0)
    expect(said(page).last).to_have_text("with a new ticket")
    assert take_out(faults, "status of 401") == 1
    page.context.clear_cookies(name="t")
    page.evaluate("dispatchEvent(new Event('offline'))")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#state")).to_have_text(CONNECTED)
    assert take_out(faults, "status of 401") == 1


def test_leaving_takes_everything_and_the_words_bring_it_back(open_page: OpenPage, house: Served) -> None:
    page = open_page(viewport=PHONE)
    words = come_in(page, house, "Siskin")
    assert len(words.split()) == 6
    page.goto(f"{house.url}{room_path(page, house)}")
    write(page, "I was here")
    expect(page.locator(".mine:not(.waiting)")).to_have_count(1)
    page.goto(f"{house.url}/me/")
    page.get_by_role("button", name="Leave", exact=True).click()
    expect(page.get_by_role("heading", name="You have left")).to_be_visible()
    assert page.context.cookies() == []

    page = open_page(viewport=PHONE)
    page.goto(f"{house.url}/come-back/")
    page.get_by_label("Your way back in").fill(words)
    page.get_by_role("button", name="Come back in").click()
    page.goto(f"{house.url}{room_path(page, house)}")
    expect(page.locator(".mine .said")).to_have_text(["I was here"])


def leave_in_another_tab(page: Page, house: Served) -> None:
    other = page.context.new_page()
    other.goto(f"{house.url}/me/")
    other.get_by_role("button", name="Leave", exact=True).click()
    expect(other.get_by_role("heading", name="You have left")).to_be_visible()


def test_who_leaves_in_another_tab_keeps_what_was_written(
    open_page: OpenPage, house: Served, faults: list[str]
) -> None:
    page = in_room(open_page(), house, "Wren")
    leave_in_another_tab(page, house)
    write(page, "am I still here?")
    words = "You are no longer in here. What you wrote stays in the box: copy it, then come in again."
    expect(page.locator("#state")).to_have_text(words)
    expect(page.locator("[name=text]")).to_have_value("am I still here?")
    expect(page.locator(".waiting")).to_have_count(0)
    assert axe_finds(page) == []
    page.locator("[name=text]").press("Enter")
    expect(page.locator("[name=text]")).to_have_value("am I still here?")
    # In again, elsewhere in this browser: it can be sent.
    come_in(page.context.new_page(), house, "Wren")
    page.locator("[name=text]").press("Enter")
    expect(said(page).last).to_have_text("am I still here?")
    expect(page.locator("#state")).to_have_text(CONNECTED)
    assert take_out(faults, "status of 40") >= 1


def test_who_leaves_in_another_tab_with_nothing_written_is_at_the_door(
    open_page: OpenPage, house: Served, faults: list[str]
) -> None:
    page = in_room(open_page(), house, "Wren")
    leave_in_another_tab(page, house)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("link", name="Come in", exact=True)).to_be_visible()
    assert take_out(faults, "status of 40") >= 1


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_without_javascript_who_is_out_gets_the_text_back(
    viewport: Any, open_page: OpenPage, house: Served, faults: list[str]
) -> None:
    page = open_page(java_script_enabled=False, viewport=viewport)
    come_in(page, house, "Dipper")
    page.goto(f"{house.url}{room_path(page, house, 'The courtyard')}")
    page.get_by_label("Write to the room").fill("a long thought")
    leave_in_another_tab(page, house)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("You are no longer in here. What you wrote:")).to_have_value("a long thought")
    expect(page.get_by_role("link", name="Come in", exact=True)).to_be_visible()
    assert page.evaluate(OVERFLOW) == 0
    assert take_out(faults, "status of 403") == 1


def test_the_door_of_a_room_leads_in(open_page: OpenPage, house: Served, faults: list[str]) -> None:
    page = open_page(viewport=PHONE)
    room = house.url + room_path(page, house)
    page.goto(room)
    assert axe_finds(page) == []
    assert take_out(faults, "status of 403") == 1
    page.get_by_role("link", name="Come in", exact=True).click()
    page.locator("[name=chosen_name]").fill("Robin")
    page.locator("main form button[type=submit]").click()
    page.get_by_role("link", name="I have kept it").click()
    expect(page).to_have_url(room)
    expect(page.get_by_label("Write to the room")).to_be_visible()
