"""What is done in rooms of the small festival: much talk at once, and what those who keep a room ask of it."""

from __future__ import annotations

import itertools
from typing import Any

from playwright.sync_api import Page, expect

from tertulia.live.relay.hub import ask
from tests.ground.served import Served

_versions = itertools.count(1)
RULES = {"open": True, "slow": 0, "hold": False, "newcomers": 0, "muted": {}, "banned": {}}


def name_of(page: Page) -> str:
    """The public id of the room that the page shows."""
    return page.url.partition("/live/")[2].partition("/")[0]


def hub(house: Served, request: dict[str, Any]) -> dict[str, Any]:
    """What the relay of the house answers to a page of it."""
    return ask(house.folder / "hub.sock", request)


def keep(house: Served, page: Page, **rules: Any) -> None:
    """Keep the room by other rules from now on."""
    control = RULES | rules
    version = next(_versions)
    assert hub(house, {"room": name_of(page), "control": control, "version": version}) == {"version": version}


def talk(house: Served, page: Page, *texts: str, author: str = "a1b2c3d4e5f60718", name: str = "Heron") -> list[int]:
    """Somebody else says the texts in the room."""
    said = []
    for text in texts:
        message = {"id": f"journey-{next(_versions):06d}", "text": text}
        answer = hub(house, {"room": name_of(page), "author": author, "name": name, "message": message})
        assert "sequence" in answer, answer
        said.append(int(answer["sequence"]))
    return said


def much_talk(house: Served, page: Page, number: int) -> None:
    """So many messages by as many people, so that no flood protection is in the way."""
    for place in range(number):
        talk(house, page, f"number {place}", author=f"{place:016x}")


def act(page: Page, text: str, *names: str) -> None:
    """Open the menu of the message with that text, and press buttons of these names."""
    item = page.locator(".msg", has=page.locator(".said", has_text=text)).last
    item.locator(".more").click()
    for name in names:
        item.get_by_role("button", name=name, exact=True).locator("visible=true").click()


def streams_of(page: Page) -> list[str]:
    """The streams that the page opens from now on."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url) if request.resource_type == "eventsource" else None)
    return found


def quiet(page: Page) -> None:
    """Nothing that was written waits any more."""
    expect(page.locator(".waiting")).to_have_count(0)
