"""What people do at the small festival one-sky."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.ground.served import Served

PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CONNECTED = "Connected. Nothing missed."
AWAY = "No connection. What you write waits here."


def come_in(page: Page, house: Served, name: str, language: str = "") -> str:
    """Come in under a name; the way back that the page shows."""
    page.goto(f"{house.url}{language}/events/one-sky/join/")
    page.locator("[name=chosen_name]").fill(name)
    page.locator("main form button[type=submit]").click()
    words = page.locator("#words span").all_inner_texts()
    page.locator("main a.button").click()
    return " ".join(words)


def room_path(page: Page, house: Served, name: str = "Main sky") -> str:
    """The path of a room, as the event's page gives it."""
    page.goto(f"{house.url}/events/one-sky/")
    return page.get_by_role("link", name=name, exact=True).get_attribute("href") or ""


def in_room(page: Page, house: Served, chosen: str, room: str = "Main sky", language: str = "") -> Page:
    """The page of somebody who has come in and sits in the room."""
    come_in(page, house, chosen, language)
    path = room_path(page, house, room)
    page.goto(f"{house.url}{language}{path}")
    expect(page.locator("#state")).not_to_be_empty()
    return page


def write(page: Page, text: str) -> None:
    page.locator("#say [name=text]").fill(text)
    page.locator("#say [name=text]").press("Enter")


def said(page: Page) -> Any:
    return page.locator(".msgs .said")


def take_out(faults: list[str], kind: str) -> int:
    """Faults of a kind that was to be expected, taken out of the list; how many there were."""
    found = [fault for fault in faults if kind in fault]
    faults[:] = [fault for fault in faults if kind not in fault]
    return len(found)
