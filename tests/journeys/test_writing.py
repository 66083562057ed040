"""What is written in a room: pasted, too long, refused, and by hand without JavaScript."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Route, expect

from tertulia.live.relay.hub import ask
from tests.ground.served import Served
from tests.journeys.conftest import OpenPage, axe_finds
from tests.journeys.festival import CONNECTED, OVERFLOW, PHONE, come_in, in_room, room_path, said, take_out, write

pytestmark = pytest.mark.journey


def test_a_device_that_is_older_than_the_name_of_a_zone_shows_its_own_time(open_page: OpenPage, house: Served) -> None:
    page = in_room(open_page(timezone_id="Asia/Tokyo"), house, "Wren", "The courtyard")

    def give(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(
            response=answer, body=answer.text().replace(' data-author="', ' data-zone="Mars/Olympus" data-author="')
        )

    page.route(page.url, give)
    page.reload()
    expect(page.locator("#state")).to_have_text(CONNECTED)
    write(page, "what time is it?")
    expect(said(page).last).to_have_text("what time is it?")
    last = page.locator(".msg:not(.waiting) time").last
    written = datetime.fromisoformat(last.get_attribute("datetime") or "")
    expect(last).to_have_text(f"{written.astimezone(ZoneInfo('Asia/Tokyo')):%H:%M}")


def test_what_is_refused_is_back_in_the_box(open_page: OpenPage, house: Served, faults: list[str]) -> None:
    page = in_room(open_page(), house, "Wren", "The courtyard")
    # A page that counts otherwise than the relay.
    page.locator("#left").evaluate("(left) => { left.dataset.most = 9000; }")
    write(page, "x" * 2001)
    expect(page.locator("#state")).to_have_text("This could not be sent. It is back in the box.")
    expect(page.locator("[name=text]")).to_have_value("x" * 2001)
    expect(page.locator(".waiting")).to_have_count(0)
    assert take_out(faults, "status of 422") == 1


def test_what_is_pasted_is_not_cut_and_too_much_of_it_is_not_sent(open_page: OpenPage, house: Served) -> None:
    page = in_room(open_page(viewport=PHONE), house, "Wren", "The courtyard")
    box, left = page.locator("[name=text]"), page.locator("#left")
    before = said(page).count()
    box.focus()
    page.keyboard.insert_text("🌙" * 1700)
    expect(left).to_be_hidden()
    page.keyboard.insert_text("🌙" * 180)
    expect(left).to_have_text("Characters left: 120")
    expect(page.locator("#left-said")).to_have_text("Characters left: 120")
    page.keyboard.insert_text("x" * 7120)
    expect(left).to_have_text("Too long to send. Characters to take out: 7000")
    assert axe_finds(page) == []
    assert page.evaluate(OVERFLOW) == 0
    box.press("Enter")
    expect(page.locator("#state")).to_have_text("This was not sent: it is too long. It is still in the box.")
    expect(box).to_have_value("🌙" * 1880 + "x" * 7120)
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(said(page)).to_have_count(before)
    box.fill("🌙" * 2000)
    expect(left).to_have_text("Characters left: 0")
    expect(page.locator("#state")).to_have_text(CONNECTED)
    box.press("Enter")
    expect(said(page).last).to_have_text("🌙" * 2000)
    expect(page.locator(".waiting")).to_have_count(0)
    expect(left).to_be_hidden()
    expect(box).not_to_have_attribute("aria-invalid", "true")


def test_what_becomes_of_messages_is_seen_by_who_listens(open_page: OpenPage, house: Served, faults: list[str]) -> None:
    page = in_room(open_page(), house, "Wren", "The courtyard")
    room = page.url.rstrip("/").rpartition("/")[2]

    def tell(question: dict[str, Any]) -> dict[str, Any]:
        return ask(house.folder / "hub.sock", {"room": room, **question})

    def says(number: int, **what: Any) -> dict[str, Any]:
        message = {"id": f"noor-{number:04d}", **what}
        return tell({"author": "a" * 16, "name": "Noor", "message": message})

    spoken = says(1, text="a street and a number")["sequence"]
    expect(said(page).last).to_have_text("a street and a number")
    says(2, edit=spoken, text="somewhere near")
    expect(said(page).last).to_have_text("somewhere near")
    tell({"remove": spoken, "by": "moderator"})
    expect(page.locator(f'.msg[data-sequence="{spoken}"]')).to_have_text("Removed by a moderator.")
    control = {"open": True, "slow": 0, "hold": True, "newcomers": 0, "muted": {}, "banned": {}}
    assert tell({"control": control, "version": 900}) == {"version": 900}
    before = page.locator(".msg").count()
    write(page, "may this stand?")
    expect(page.locator("#state")).to_have_text("A moderator reads it first. It stands here once it is published.")
    expect(page.locator(".msg")).to_have_count(before)
    tell({"control": {**control, "hold": False}, "version": 901})
    write(page, "and this?")
    expect(said(page).last).to_have_text("and this?")
    page.reload()
    expect(page.locator(f'.msg[data-sequence="{spoken}"]')).to_have_text("Removed by a moderator.")
    expect(said(page).last).to_have_text("and this?")
    assert faults == []


def test_enter_that_takes_a_word_from_a_list_does_not_send(open_page: OpenPage, house: Served) -> None:
    page = in_room(open_page(), house, "Wren", "The courtyard")
    page.locator("[name=text]").fill("日本")
    key = """(box, isComposing) => box.dispatchEvent(
      new KeyboardEvent("keydown", { key: "Enter", isComposing, cancelable: true, bubbles: true }))"""
    assert page.locator("[name=text]").evaluate(key, True) is False
    assert page.locator("[name=text]").evaluate(key, False) is True


def test_without_javascript_one_reads_and_writes(open_page: OpenPage, house: Served) -> None:
    page = open_page(java_script_enabled=False, viewport=PHONE)
    come_in(page, house, "Dipper")
    page.goto(f"{house.url}{room_path(page, house, 'The courtyard')}")
    before = said(page).count()
    page.get_by_label("Write to the room").fill("by hand")
    page.get_by_role("button", name="Send").click()
    expect(said(page)).to_have_count(before + 1)
    expect(said(page).last).to_have_text("by hand")
    expect(said(page).last).to_be_in_viewport()
    page.reload()
    expect(said(page)).to_have_count(before + 1)


def test_without_javascript_what_is_too_long_is_not_cut_but_explained(
    open_page: OpenPage, house: Served, faults: list[str]
) -> None:
    page = open_page(java_script_enabled=False, viewport=PHONE)
    come_in(page, house, "Dipper")
    page.goto(f"{house.url}{room_path(page, house, 'The courtyard')}")
    page.get_by_label("Write to the room").focus()
    page.keyboard.insert_text("x" * 9000)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".error")).to_have_text("Ensure this value has at most 2000 characters (it has 9000).")
    expect(page.locator(".error")).to_be_in_viewport()
    expect(page.get_by_label("Write to the room")).to_have_value("x" * 9000)
    assert take_out(faults, "status of 422") == 1
