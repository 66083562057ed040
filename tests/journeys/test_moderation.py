"""A moderator keeps a room without any script, and its pages can be used by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tertulia.live import actions
from tertulia.live.models import Audience, Room
from tertulia.live.queries import author_of, invitation_address
from tertulia.live.relay.room import WAITING
from tertulia.people.models import Account
from tertulia.programme.models import Participation
from tests.factories.people import sign_in
from tests.journeys.conftest import OpenPage, axe_finds
from tests.journeys.festival import DESKTOP, PHONE, said
from tests.journeys.measures import blanks, runs_over, small_targets
from tests.live.scenes import a_moderator, a_room, address, say_all, somebody_in
from tests.live.stand import stand

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A room in which something was said, beside a relay; its streams are not on the port of the pages."""
    with stand(tmp_path):
        yield a_room()


@pytest.fixture
def wren(room: Room) -> Participation:
    who = somebody_in(room)
    say_all(room, who, "good evening", "a street and a number")
    return who


def enter(page: Page, live_server: LiveServer, account: Account) -> Page:
    session = sign_in(Client(), account).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return page


def test_a_message_is_removed_its_author_asked_to_leave_and_let_in_again(
    open_page: OpenPage, faults: list[str], live_server: LiveServer, room: Room, wren: Participation
) -> None:
    hers = enter(open_page(java_script_enabled=False, base_url=live_server.url), live_server, wren.account)
    page = enter(open_page(java_script_enabled=False, base_url=live_server.url), live_server, a_moderator(room))
    page.goto(address(room))
    message = page.locator(".msg", has_text="a street and a number")
    message.get_by_role("link", name="Ask to leave").click()
    page.get_by_label("One hour").check()
    page.get_by_role("button", name="Ask to leave").click()
    expect(page.get_by_text("They were asked to leave.")).to_be_visible()
    hers.goto(address(room))
    expect(hers.locator("main")).to_contain_text("You were asked to leave until")
    page.goto(address(room))
    message.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove it now").click()
    page.goto(address(room))
    expect(said(page)).to_have_text(["good evening"])
    page.get_by_role("link", name="Moderation").click()
    page.get_by_role("button", name="Lift").click()
    expect(page.get_by_text("Everybody may.")).to_be_visible()
    hers.goto(address(room))
    expect(said(hers)).to_have_text(["good evening"])
    # The door has answered with 403, as it should.
    faults.clear()


def test_who_moderates_is_told_when_something_waits(
    open_page: OpenPage, live_server: LiveServer, room: Room, wren: Participation
) -> None:
    page = enter(open_page(base_url=live_server.url), live_server, a_moderator(room))
    # As the relay of such a room says it, which stands on another port here.
    page.route("**/stream/**", lambda route: route.fulfill(content_type="text/event-stream", body=WAITING))
    page.goto(address(room))
    expect(page.get_by_role("status").filter(has_text="Something new waits.")).to_be_visible()


def test_a_link_that_invites_lets_in_whoever_presses_its_button(
    open_page: OpenPage, faults: list[str], live_server: LiveServer, room: Room, wren: Participation
) -> None:
    desk = enter(open_page(java_script_enabled=False, base_url=live_server.url), live_server, a_moderator(room))
    desk.goto(f"{address(room)}moderation/")
    desk.get_by_label("people who were invited can read this room").check()
    desk.get_by_role("button", name="Keep it so").click()
    link = desk.get_by_text("/invited/").inner_text()
    room.refresh_from_db()
    assert link == invitation_address(room)
    hers = enter(open_page(java_script_enabled=False, base_url=live_server.url), live_server, wren.account)
    hers.goto(address(room))
    expect(hers.locator("main")).to_contain_text("This room is for people who were invited.")
    hers.goto(link.removeprefix(settings.ADDRESS))
    hers.get_by_role("button", name="Into the room").click()
    expect(said(hers)).to_have_count(2)
    faults.clear()


def found_on(page: Page) -> list[str]:
    """What stands in the way of somebody on the page."""
    return [*axe_finds(page), *runs_over(page), *small_targets(page), *blanks(page)]


def pages_of(room: Room, wren: Participation) -> list[str]:
    """The moderator's pages, with something on each."""
    actions.mute(room, author_of(wren), 10)
    actions.ban(room, "f" * 16, None)
    actions.set_audience(room, Audience.INVITED)
    place = f"{address(room)}moderation/"
    acts = [f"{place}messages/1/{name}/" for name in ("remove", "mute", "ask-to-leave")]
    return [place, *acts, invitation_address(room).removeprefix(settings.ADDRESS)]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_the_pages_can_be_used_by_everybody(
    prefix: str, viewport: Any, open_page: OpenPage, live_server: LiveServer, room: Room, wren: Participation
) -> None:
    page = open_page(viewport=viewport, base_url=live_server.url, color_scheme="dark" if prefix else "light")
    enter(page, live_server, a_moderator(room))
    for place in pages_of(room, wren):
        page.goto(prefix + place)
        assert (place, found_on(page)) == (place, [])


@pytest.mark.usefixtures("wren")
def test_the_room_with_its_acts_can_be_used_by_every_moderator(
    open_page: OpenPage, faults: list[str], live_server: LiveServer, room: Room
) -> None:
    page = enter(open_page(viewport=PHONE, base_url=live_server.url), live_server, a_moderator(room))
    page.goto(address(room))
    assert found_on(page) == []
    # The page asks in vain for a stream, which is not on this port.
    page.goto("about:blank")
    faults.clear()


@pytest.mark.parametrize("audience", [Audience.INVITED, Audience.COMMUNITY])
def test_the_doors_can_be_used_by_everybody(
    open_page: OpenPage, faults: list[str], live_server: LiveServer, room: Room, wren: Participation, audience: Audience
) -> None:
    actions.set_audience(room, audience)
    page = enter(open_page(viewport=PHONE, base_url=live_server.url), live_server, wren.account)
    page.goto(address(room))
    assert found_on(page) == []
    faults.clear()
