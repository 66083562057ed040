"""Doors that need a pass: links that invite, one's word, and what stands at a door that stays closed."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from tertulia.live.actions import ban, carry_out_what_waits, erase_talk, mute, renew_invitation, set_audience
from tertulia.live.models import Audience, Room
from tertulia.live.queries import DOOR_COOKIE, author_of, invitation_address, invitation_token
from tertulia.live.relay.tickets import COOKIE, check
from tertulia.programme.models import Participation
from tests.factories.people import sign_in
from tests.live.scenes import a_moderator, a_room, address, somebody_in, text_of
from tests.live.stand import Stand

pytestmark = pytest.mark.django_db
ONE_OF_US = "one-of-us/"


def link(room: Room) -> str:
    """The path of the link that invites into the room."""
    return f"{address(room)}invited/{invitation_token(room)}/"


def opens(client: Client, room: Room) -> tuple[int, int]:
    """How the page and the place of tickets answer."""
    return client.get(address(room)).status_code, client.get(f"{address(room)}ticket/").status_code


def door_of(room: Room) -> tuple[int, int]:
    """How often the room was made harder to read, and of how many changes the relay is to be told."""
    room.refresh_from_db()
    return room.door, room.control_version


@pytest.mark.parametrize(
    ("before", "after", "is_harder"),
    [
        ("public", "account", True),
        ("public", "community", True),
        ("account", "invited", True),
        ("invited", "community", True),
        ("community", "invited", True),
        ("account", "public", False),
        ("invited", "account", False),
        ("invited", "invited", False),
        ("community", "public", False),
    ],
)
def test_tickets_of_before_end_with_a_door_that_is_harder(
    room: Room, before: str, after: str, *, is_harder: bool
) -> None:
    set_audience(room, Audience(before))
    door, version = door_of(room)
    set_audience(room, Audience(after))
    assert door_of(room) == (door + is_harder, version + is_harder)
    assert room.audience == after


def test_another_link_ends_the_tickets_of_those_who_had_a_pass(room: Room) -> None:
    door, version = door_of(room)
    renew_invitation(room)
    assert door_of(room) == (door, version)
    set_audience(room, Audience.INVITED)
    renew_invitation(room)
    assert door_of(room) == (door + 2, version + 2)


def test_whoever_reads_on_when_the_door_is_made_harder_is_out_at_once(relay: Stand, room: Room, client: Client) -> None:
    set_audience(room, Audience.PUBLIC)
    carry_out_what_waits()
    reader = str(client.get(f"{address(room)}ticket/").cookies[COOKIE].value)
    status, line = relay.knock(room.public_id, reader)
    with closing(line):
        set_audience(room, Audience.ACCOUNT)
        carry_out_what_waits()
        assert (status, line.recv(1)) == (200, b"")
    assert client.get(f"{address(room)}ticket/").status_code == 403
    sign_in(client, somebody_in(room).account)
    status, line = relay.knock(room.public_id, str(client.get(f"{address(room)}ticket/").cookies[COOKIE].value))
    line.close()
    assert status == 200


@pytest.fixture
def invited(room: Room) -> Room:
    set_audience(room, Audience.INVITED)
    return room


@pytest.fixture
def community(room: Room) -> Room:
    set_audience(room, Audience.COMMUNITY)
    return room


class TestInvited:
    def test_who_came_in_stands_at_the_door_until_the_button_of_the_link_is_pressed(
        self, inside: Client, invited: Room
    ) -> None:
        assert opens(inside, invited) == (403, 403)
        assert "This room is for people who were invited. Open the link that you were given." in text_of(
            inside.get(address(invited))
        )
        assert "You are invited into this room." in text_of(inside.get(link(invited)))
        assert opens(inside, invited) == (403, 403)
        answer = inside.post(link(invited))
        assert (answer.status_code, answer["Location"]) == (302, address(invited))
        assert opens(inside, invited) == (200, 204)

    def test_the_pass_alone_opens_nothing_to_who_has_not_come_in(self, client: Client, invited: Room) -> None:
        client.post(link(invited))
        page = client.get(address(invited))
        assert (page.status_code, COOKIE in page.cookies) == (403, False)
        sign_in(client, somebody_in(invited).account)
        assert opens(client, invited) == (200, 204)

    def test_in_every_language(self, inside: Client, invited: Room) -> None:
        inside.post(f"/es{link(invited)}")
        pages = [inside.get(f"{prefix}{address(invited)}").status_code for prefix in ("", "/es", "/ar")]
        assert pages == [200, 200, 200]

    def test_a_renewed_link_voids_the_earlier_one_and_what_it_opened(self, inside: Client, invited: Room) -> None:
        old = link(invited)
        inside.post(old)
        renew_invitation(invited, a_moderator(invited))
        assert opens(inside, invited) == (403, 403)
        page = inside.get(old)
        assert (page.status_code, inside.post(old).status_code) == (410, 410)
        assert "This link opens nothing any more." in text_of(page)
        inside.post(link(invited))
        assert opens(inside, invited) == (200, 204)

    def test_a_link_of_another_room_a_guessed_one_and_an_erased_room(self, inside: Client, invited: Room) -> None:
        other = a_room(invited.event, Audience.INVITED, "Courtyard")
        for token in (invitation_token(other), "0" * 32):
            assert inside.post(f"{address(invited)}invited/{token}/").status_code == 410
        inside.post(link(other))
        assert (opens(inside, invited), opens(inside, other)) == ((403, 403), (200, 204))
        erase_talk(invited)
        assert inside.post(link(invited)).status_code == 410
        assert inside.get("/live/nowhere/invited/0/").status_code == 404

    def test_rooms_with_one_key_for_their_links_have_links_and_passes_of_their_own(
        self, inside: Client, invited: Room
    ) -> None:
        other = a_room(invited.event, Audience.INVITED, "Courtyard")
        # As rooms have that are older than these doors.
        Room.objects.update(invitation="the same")
        invited.refresh_from_db()
        other.refresh_from_db()
        assert invitation_token(invited) != invitation_token(other)
        value = next(one.value for one in inside.post(link(invited)).cookies.values() if one.key == DOOR_COOKIE)
        fresh = sign_in(Client(), somebody_in(invited).account)
        fresh.cookies[DOOR_COOKIE] = value
        assert (opens(fresh, invited), opens(fresh, other)) == ((200, 204), (403, 403))

    def test_a_link_is_over_when_the_door_is_another(self, inside: Client, invited: Room) -> None:
        inside.post(link(invited))
        set_audience(invited, Audience.COMMUNITY)
        assert (opens(inside, invited), inside.post(link(invited)).status_code) == ((403, 403), 410)

    def test_the_link_cannot_be_made_of_the_database_alone(
        self, invited: Room, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        here = invitation_token(invited)
        monkeypatch.setattr(settings, "SECRET_KEY", "of another house")
        assert len({here, invitation_token(invited), invited.invitation}) == 3

    @pytest.mark.parametrize("secure", [False, True])
    def test_the_pass_ends_with_the_browser_is_sent_to_the_room_alone_and_says_nothing(
        self, inside: Client, invited: Room, secure: bool, settings: Any
    ) -> None:
        settings.SESSION_COOKIE_SECURE = secure
        cookies = inside.post(link(invited)).cookies.values()
        passes = [cookie for cookie in cookies if cookie.key == DOOR_COOKIE]
        assert [cookie["path"] for cookie in passes] == [f"{prefix}{address(invited)}" for prefix in ("", "/es", "/ar")]
        told = {(one["httponly"], one["samesite"], one["secure"], one["max-age"], one["expires"]) for one in passes}
        assert told == {(True, "Lax", secure or "", "", "")}
        assert not any(word in one.value for one in passes for word in (invited.public_id, invited.invitation))

    def test_a_spoilt_pass_and_one_of_a_month_ago_open_nothing(self, inside: Client, invited: Room) -> None:
        with time_machine.travel("2026-10-01T12:00Z", tick=False):
            inside.post(link(invited))
        old = inside.cookies[f"{DOOR_COOKIE} {address(invited)}"].value
        for value in (old, "x", ""):
            fresh = sign_in(Client(), somebody_in(invited).account)
            fresh.cookies[DOOR_COOKIE] = value
            assert opens(fresh, invited) == (403, 403)

    def test_leaving_takes_the_pass_out_of_the_browser(self, inside: Client, invited: Room) -> None:
        gone = inside.post("/leave/").cookies.values()
        paths = [cookie["path"] for cookie in gone if cookie.key == DOOR_COOKIE and cookie["max-age"] == 0]
        assert paths == [f"{prefix}{address(invited)}" for prefix in ("", "/es", "/ar")]

    def test_the_command_prints_the_link_and_renews_it(self, invited: Room, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("room_door", invited.event.slug, invited.place.name, "invited")
        first = capsys.readouterr().out
        assert f"The link that invites: {invitation_address(invited)}" in first
        call_command("room_door", invited.event.slug, invited.place.name, "invited", "--renew")
        assert capsys.readouterr().out.splitlines()[1] != first.splitlines()[1]
        call_command("room_door", invited.event.slug, invited.place.name, "community")
        assert capsys.readouterr().out == f"{invited.place.name}: people of this community can read this room.\n"


class TestCommunity:
    def test_ones_word_opens_it_and_is_noted_nowhere(self, inside: Client, community: Room) -> None:
        page = inside.get(address(community))
        assert page.status_code == 403
        words = text_of(page)
        assert "If you are here for the press, for an authority or for research, please stay outside." in words
        assert "We do not ask for proof, and we do not note that you said so." in words
        assert "I am one of us, come in" in words
        before = list(Room.objects.values())
        assert inside.post(address(community) + ONE_OF_US)["Location"] == address(community)
        assert opens(inside, community) == (200, 204)
        assert list(Room.objects.values()) == before
        assert "no press, no officials, no researchers" in text_of(inside.get(address(community)))

    def test_a_visitor_reads_for_whom_it_is_and_comes_in_first(self, client: Client, community: Room) -> None:
        words = text_of(client.get(address(community)))
        assert "This room is for people of this community." in words
        assert words.endswith("Come in I’ve been here before")
        client.post(address(community) + ONE_OF_US)
        assert opens(client, community) == (403, 403)

    @pytest.mark.parametrize("audience", [Audience.ACCOUNT, Audience.INVITED])
    def test_no_other_door_gives_a_pass_for_ones_word(self, inside: Client, room: Room, audience: Audience) -> None:
        set_audience(room, audience)
        assert DOOR_COOKIE not in {one.key for one in inside.post(address(room) + ONE_OF_US).cookies.values()}

    def test_a_form_from_another_site_opens_nothing(self, community: Room, wren: Participation) -> None:
        strict = sign_in(Client(enforce_csrf_checks=True), wren.account)
        assert strict.post(address(community) + ONE_OF_US).status_code == 403
        assert opens(strict, community) == (403, 403)


class TestWhoWasAskedToLeave:
    @pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.ACCOUNT])
    def test_reads_until_when_and_gets_no_ticket(
        self, inside: Client, room: Room, wren: Participation, audience: Audience
    ) -> None:
        set_audience(room, audience)
        with time_machine.travel(datetime(2026, 11, 22, 20, 1, tzinfo=UTC), tick=False):
            ban(room, author_of(wren), 60)
            sign_in(inside, wren.account)
            page = inside.get(address(room))
            assert (page.status_code, COOKIE in page.cookies) == (403, False)
            assert inside.get(f"{address(room)}ticket/").status_code == 403
        assert "You were asked to leave until Sunday, 22 November 2026, 22:05." in text_of(page)
        assert "live/room.js" not in page.content.decode()

    def test_of_the_whole_event_it_says_so(self, inside: Client, room: Room, wren: Participation) -> None:
        ban(room, author_of(wren), None)
        page = inside.post(address(room), {"client_id": "message-1", "text": "but why?"})
        assert "You were asked to leave the rooms of this event." in text_of(page)
        assert re.findall(r"readonly[^>]*>\n(.*?)</textarea>", page.content.decode()) == ["but why?"]

    def test_who_is_muted_reads_why_there_is_no_box(self, inside: Client, room: Room, wren: Participation) -> None:
        mute(room, author_of(wren), 10)
        page = inside.get(address(room))
        assert (page.status_code, 'id="say"' in page.content.decode()) == (200, False)
        assert "A moderator asks you to only read here until" in text_of(page)
        ticket = check(settings.KEYS.make("tickets"), page.cookies[COOKIE].value, room.public_id)
        assert ticket
        assert (ticket.author, ticket.may_speak, ticket.moderates) == (author_of(wren), False, False)
        kept = inside.post(address(room), {"client_id": "message-1", "text": "but why?"})
        assert (kept.status_code, "You cannot write here just now. What you wrote: but why?" in text_of(kept)) == (
            403,
            True,
        )
