"""A passkey in a real browser, on a device that its tools pretend: added, used, refused, removed."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tertulia.people.models import Passkey
from tests.factories import make_event
from tests.journeys.conftest import OpenPage

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PRETENDED = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
REFUSED = "console: Failed to load resource: the server responded with a status of 422"


@pytest.fixture(autouse=True)
def public(live_server: LiveServer, settings: Settings) -> None:
    """The site is known by a name, as passkeys need it."""
    assert live_server.url.startswith("http://localhost:")
    settings.ADDRESS = live_server.url
    settings.APP_NAME = "Plain word"
    make_event("festival", title="A festival of one evening")


class Pretended:
    """A device beside the page, which somebody unlocks or does not."""

    def __init__(self, page: Page) -> None:
        self._tools: CDPSession = page.context.new_cdp_session(page)
        self._tools.send("WebAuthn.enable")
        added = self._tools.send("WebAuthn.addVirtualAuthenticator", {"options": PRETENDED})
        self._it = {"authenticatorId": added["authenticatorId"]}

    def unlocks(self, does: bool) -> None:
        """From now on somebody does, or does not, unlock it when it asks."""
        self._tools.send("WebAuthn.setUserVerified", {**self._it, "isUserVerified": does})

    def keeps(self) -> list[dict[str, Any]]:
        """The passkeys on it."""
        kept: list[dict[str, Any]] = self._tools.send("WebAuthn.getCredentials", self._it)["credentials"]
        return kept


def come_in(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/events/festival/join/")
    page.locator("[name=chosen_name]").fill("Wren")
    page.locator("main form button[type=submit]").click()


def add(page: Page) -> str:
    """Press the button; the number that the page says."""
    page.get_by_role("button", name="Add a passkey").click()
    said = page.get_by_text(re.compile(r"Passkey \d\d is added\.")).inner_text()
    return re.findall(r"\d\d", said)[0]


def leave(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/me/")
    page.get_by_role("button", name="Leave", exact=True).click()
    expect(page.get_by_role("heading", name="You have left")).to_be_visible()


def test_added_used_and_removed(open_page: OpenPage, live_server: LiveServer, faults: list[str]) -> None:
    page = open_page()
    device = Pretended(page)
    come_in(page, live_server)
    page.get_by_role("link", name="I have kept it, and add a passkey").click()
    number = add(page)
    expect(page.get_by_role("link", name="Go on")).to_have_attribute("href", "/events/festival/")
    (kept,) = device.keeps()
    assert (kept["rpId"], kept["userName"], kept["userDisplayName"]) == ("localhost", *[f"Plain word {number}"] * 2)
    assert "Wren" not in json.dumps(kept)
    leave(page, live_server)
    page.goto(f"{live_server.url}/come-back/?next=/me/passkeys/")
    page.get_by_label("This device is mine").check()
    page.get_by_role("button", name="Come in with a passkey").click()
    expect(page).to_have_url(f"{live_server.url}/me/passkeys/")
    (session,) = (cookie for cookie in page.context.cookies() if cookie["name"] == "s")
    assert session["expires"] > 0
    page.get_by_role("button", name=re.compile(f"Remove.*Passkey {number}")).click()
    expect(page.get_by_text(f"Passkey {number} is removed.")).to_be_visible()
    assert not Passkey.objects.exists()
    leave(page, live_server)
    page.goto(f"{live_server.url}/come-back/")
    page.get_by_role("button", name="Come in with a passkey").click()
    expect(page.get_by_text("This passkey opened nothing here")).to_be_visible()
    expect(page.get_by_role("button", name="Come in with a passkey")).to_be_visible()
    assert [fault.startswith(REFUSED) for fault in faults] == [True]
    faults.clear()


def test_who_does_not_unlock_the_device_can_try_again(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page()
    device = Pretended(page)
    come_in(page, live_server)
    page.goto(f"{live_server.url}/ar/me/passkeys/")
    button = page.locator("[data-passkey] button")
    state = page.locator("[data-passkey] [role=status]")
    device.unlocks(False)
    button.click()
    expect(state).not_to_be_empty()
    assert (device.keeps(), Passkey.objects.count()) == ([], 0)
    device.unlocks(True)
    button.click()
    expect(page.locator("li form")).to_have_count(1)
    assert (len(device.keeps()), Passkey.objects.count()) == (1, 1)


def test_who_is_no_longer_in_is_led_to_where_one_comes_in(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page()
    Pretended(page)
    come_in(page, live_server)
    page.goto(f"{live_server.url}/me/passkeys/")
    page.context.clear_cookies(name="s")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page).to_have_url(f"{live_server.url}/come-back/?next=/me/passkeys/")


@pytest.mark.parametrize("path", ["/me/passkeys/", "/come-back/"])
def test_where_it_cannot_be_one_line_says_why(path: str, open_page: OpenPage, live_server: LiveServer) -> None:
    bare = open_page(java_script_enabled=False)
    come_in(bare, live_server)
    bare.goto(live_server.url + path)
    expect(bare.locator("[data-passkey]")).to_be_hidden()
    expect(bare.locator("noscript p")).to_be_visible()
    old = open_page()
    old.add_init_script("delete window.PublicKeyCredential")
    come_in(old, live_server)
    old.goto(live_server.url + path)
    expect(old.locator("[data-passkey]")).to_be_hidden()
    expect(old.get_by_text("This browser knows no passkeys.")).to_be_visible()
