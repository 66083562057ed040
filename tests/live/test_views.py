"""Pages of rooms: doors, what they show, writing without JavaScript, tickets, drawings."""

from __future__ import annotations

import itertools
import re
from datetime import date, datetime
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from tertulia.live.actions import erase_talk
from tertulia.live.models import Audience, Room
from tertulia.live.queries import author_of, latest_talk
from tertulia.live.relay.tickets import COOKIE, MINUTES, check
from tertulia.programme.models import Participation
from tests.factories import make_event, make_session
from tests.factories.people import sign_in
from tests.live.scenes import a_room, address, say_all, somebody_in, text_of

pytestmark = pytest.mark.django_db
WRITING_BOX = 'id="say"'


def test_a_visitor_is_shown_how_to_come_in_and_gets_no_ticket(client: Client, room: Room) -> None:
    page = client.get(address(room))
    assert page.status_code == 403
    assert text_of(page).endswith("People who have come in can read this room. Come in I’ve been here before")
    assert f'/join/?next=%2Flive%2F{room.public_id}%2F"' in page.content.decode()
    assert COOKIE not in page.cookies


@pytest.mark.usefixtures("wren")
def test_who_is_in_at_another_event_is_not_in_here(client: Client, room: Room) -> None:
    sign_in(client, somebody_in(a_room()).account)
    for path in (address(room), f"{address(room)}ticket/"):
        page = client.get(path)
        assert (page.status_code, COOKIE in page.cookies) == (403, False)


def test_a_public_room_is_read_by_anybody_and_written_in_by_who_is_in(client: Client) -> None:
    room = a_room(audience=Audience.PUBLIC)
    page = client.get(address(room))
    assert page.status_code == 200
    assert "Anybody can read this room." in text_of(page)
    assert "Come in to write here" in text_of(page)
    assert WRITING_BOX not in page.content.decode()
    assert client.post(address(room), {"client_id": "message-1", "text": "hello"}).status_code == 403
    sign_in(client, somebody_in(room).account)
    assert WRITING_BOX in client.get(address(room)).content.decode()


def test_a_room_says_what_is_on_who_reads_and_how_long_it_is_kept(inside: Client, room: Room) -> None:
    make_session(room.event, "Who asks?", room.place)
    words = text_of(inside.get(address(room)))
    assert "People who have come in can read this room. Those who moderate it can read it too. It is not recorded." in (
        words
    )
    assert "What is written here is erased 30 days after the event is closed." in words
    assert "Nobody has written yet. Be the first." in words
    assert "Who asks?" not in words  # It was on in 2021.


def test_a_room_that_is_not_there_is_not_found(client: Client) -> None:
    assert [client.get(f"/live/nowhere/{path}").status_code for path in ("", "ticket/")] == [404, 404]


@pytest.mark.usefixtures("relay")
def test_what_was_said_is_on_the_page_and_mine_is_marked(inside: Client, room: Room, wren: Participation) -> None:
    heron = somebody_in(room, "Heron")
    say_all(room, heron, "<i>from</i> Heron")
    say_all(room, wren, "from Wren")
    page = inside.get(address(room)).content.decode()
    assert re.findall(r"<bdi>(\w+)</bdi>", page.split('id="talk"')[1]) == ["Heron", "Wren"]
    assert "&lt;i&gt;from&lt;/i&gt; Heron" in page
    assert page.count('class="msg mine"') == 1
    assert page.count(f"/live/avatars/{author_of(heron)}.svg") == 1
    assert f'data-after="{latest_talk(room).position}"' in page


@pytest.mark.usefixtures("relay")
def test_times_are_on_the_clock_that_was_chosen_else_on_the_events(
    inside: Client, room: Room, wren: Participation
) -> None:
    say_all(room, wren, "what time is it?")
    at = latest_talk(room).messages[0].at
    for zone in ("Europe/Warsaw", "America/Lima"):
        if zone != room.event.zone:
            inside.cookies["zone"] = zone
        shown = re.findall(r"data-clock>(\d\d:\d\d)<", inside.get(address(room)).content.decode())
        assert shown == [at.astimezone(ZoneInfo(zone)).strftime("%H:%M")]


@pytest.mark.usefixtures("relay")
@pytest.mark.parametrize(
    ("zone", "prefix", "days"),
    [
        ("Europe/Warsaw", "", ["Saturday, 21 November 2026", None, "Monday, 23 November 2026", None]),
        ("UTC", "", ["Saturday, 21 November 2026", None, "Sunday, 22 November 2026", "Monday, 23 November 2026"]),
        ("Asia/Tokyo", "/es", ["Domingo, 22 de noviembre de 2026", None, "Lunes, 23 de noviembre de 2026", None]),
    ],
)
def test_a_day_stands_above_its_first_message_on_the_clock_of_who_reads(
    inside: Client, room: Room, wren: Participation, zone: str, prefix: str, days: list[str | None]
) -> None:
    for moment in ("21T21:40", "21T21:50", "22T23:10", "23T08:00"):
        with time_machine.travel(f"2026-11-{moment}+00:00"):
            say_all(room, wren, moment)
    inside.cookies["zone"] = zone
    log = inside.get(prefix + address(room)).content.decode().split('<ol class="msgs">')[1].split("</ol>")[0]
    rows = re.findall(r'<li class="(day|msg mine)".*?datetime="([^"]+)".*?>([^<]*)</time>', log, re.DOTALL)
    above = {following[1]: row[2] for row, following in itertools.pairwise(rows) if row[0] == "day"}
    assert [above.get(row[1]) for row in rows if row[0] == "msg mine"] == days
    written = [date.fromisoformat(row[1]) for row in rows if row[0] == "day"]
    assert written == [datetime.fromisoformat(at).astimezone(ZoneInfo(zone)).date() for at in above]


@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize("path", ["", "ticket/"])
def test_the_ticket_is_a_cookie_of_its_stream_alone_that_says_nothing(
    inside: Client, room: Room, wren: Participation, path: str, secure: bool
) -> None:
    with override_settings(SECURE=secure):
        cookie = inside.get(address(room) + path).cookies[COOKIE]
    told = {name: cookie[name] for name in ("path", "httponly", "samesite", "secure", "max-age", "domain")}
    assert told == {
        "path": f"/stream/{room.public_id}",
        "httponly": True,
        "samesite": "Strict",
        "secure": secure or "",
        "max-age": MINUTES * 60,
        "domain": "",
    }
    assert re.fullmatch(r"[A-Za-z0-9_-]+", cookie.value)
    assert not {"Wren", room.public_id, author_of(wren)} & set(re.split("[^A-Za-z0-9]", cookie.value))
    ticket = check(settings.KEYS.make("tickets"), cookie.value, room.public_id)
    assert ticket
    assert (ticket.name, ticket.may_speak) == ("Wren", True)


def test_a_new_ticket_is_nothing_else(inside: Client, room: Room) -> None:
    answer = inside.get(f"{address(room)}ticket/")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.usefixtures("relay")
def test_an_erased_room_asks_for_no_stream(inside: Client, room: Room, wren: Participation) -> None:
    say_all(room, wren, "a secret")
    erase_talk(room)
    page = inside.get(address(room))
    assert page.status_code == 410
    assert "a secret" not in page.content.decode()
    assert "data-stream" not in page.content.decode()
    assert "live/room.js" not in page.content.decode()
    assert inside.get(f"{address(room)}ticket/").status_code == 410


class TestDrawing:
    def test_is_the_same_for_ever_and_is_kept_for_a_day_by_the_browser_alone(self, client: Client) -> None:
        one, again, other = (client.get(f"/live/avatars/{author}.svg") for author in ("0a" * 8, "0a" * 8, "0b" * 8))
        assert one.content == again.content
        assert one.content != other.content
        assert one["Content-Type"] == "image/svg+xml"
        assert one["Cache-Control"] == "private, max-age=86400"
        assert not one.cookies

    def test_is_a_drawing_and_runs_nothing(self, client: Client) -> None:
        drawing = ET.fromstring(client.get("/live/avatars/0123456789abcdef.svg").content)  # noqa: S314 - our own
        kinds = {element.tag.rpartition("}")[2] for element in drawing.iter()}
        assert kinds == {"svg", "circle", "g", "path"}

    def test_numbers_are_numbers_in_every_language(self, client: Client) -> None:
        drawings = {client.get(f"{prefix}/live/avatars/{'0c' * 8}.svg").content for prefix in ("", "/es", "/ar")}
        assert len(drawings) == 1


class TestRegions:
    def test_the_page_of_an_event_leads_to_its_rooms(self, client: Client) -> None:
        event = make_event("nights")
        rooms = [a_room(event, name=name) for name in ("One", "Two")]
        a_room()
        found = re.findall(r'href="/live/(\w+)/"><bdi>(\w+)<', client.get("/events/nights/").content.decode())
        assert found == [(room.public_id, room.place.name) for room in rooms]

    def test_who_is_in_is_led_into_the_rooms_before_the_programme(self, inside: Client, room: Room) -> None:
        make_session(room.event, "Who asks?", room.place)
        page = inside.get(f"/events/{room.event.slug}/")
        content = page.content.decode()
        assert re.findall(r'<a class="button" href="([^"]+)">([^<]+)<', content) == [("#rooms", "Into the rooms")]
        assert "You are in as <bdi>Wren</bdi>." in content
        assert "been here before" not in content
        assert [content.count(f'id="{anchor}"') for anchor in ("rooms", "next")] == [1, 1]
        assert content.index('id="rooms"') < content.index('id="next"')
        assert (page["Cache-Control"], "Cookie" in page["Vary"]) == ("private, no-store", True)

    def test_a_visitor_finds_the_door_and_the_rooms_last(self, client: Client, wren: Participation) -> None:
        make_session(wren.event, "Who asks?")
        page = client.get(f"/events/{wren.event.slug}/")
        content = page.content.decode()
        assert ">Come in</a>" in content
        assert "You are in" not in content
        assert content.index('id="next"') < content.index('id="rooms"')
        assert "Cache-Control" not in page

    def test_who_is_in_elsewhere_is_a_visitor_here(self, inside: Client) -> None:
        other = a_room(make_event("elsewhere"))
        assert "You are in" not in inside.get(f"/events/{other.event.slug}/").content.decode()

    def test_the_page_of_who_has_come_in_leads_to_the_rooms(self, inside: Client, room: Room) -> None:
        content = inside.get(f"/events/{room.event.slug}/join/").content.decode()
        assert "You are in as <bdi>Wren</bdi>." in content
        assert f'<a class="button" href="/events/{room.event.slug}/#rooms">Into the rooms</a>' in content
        assert "Into the rooms" not in Client().get(f"/events/{room.event.slug}/join/").content.decode()

    def test_where_there_are_no_rooms_nothing_leads_to_them(self, client: Client, wren: Participation) -> None:
        wren.event.rooms.all().delete()
        Room.objects.all().delete()
        sign_in(client, wren.account)
        for path in ("", "join/"):
            content = client.get(f"/events/{wren.event.slug}/{path}").content.decode()
            assert "You are in as <bdi>Wren</bdi>." in content
            assert "#rooms" not in content

    def test_the_page_of_a_session_leads_to_the_rooms_where_it_is_on(self, client: Client) -> None:
        event = make_event("nights")
        one, two = (a_room(event, name=name) for name in ("One", "Two"))
        session = make_session(event, "Who asks?", one.place)
        make_session(event, "Elsewhere", two.place)
        page = client.get(f"/events/nights/sessions/{session.slug}/").content.decode()
        assert re.findall(r'href="/live/(\w+)/"><span>([^<]+)<', page) == [(one.public_id, "Into the room: One")]

    def test_without_rooms_there_is_nothing(self, client: Client) -> None:
        event = make_event("nights")
        session = make_session(event)
        for path in ("/events/nights/", f"/events/nights/sessions/{session.slug}/"):
            assert "/live/" not in client.get(path).content.decode()


@pytest.mark.usefixtures("relay")
@pytest.mark.parametrize("path", ["/events/nights/", "/events/nights/join/", "/live/{room}/"])
def test_more_rooms_and_messages_cost_no_more_queries(client: Client, path: str) -> None:
    event = make_event("nights")
    room = a_room(event)
    wren = somebody_in(room)
    sign_in(client, wren.account)
    say_all(room, wren, "one")
    make_session(event, "First", room.place)
    path = path.format(room=room.public_id)
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    a_room(event, name="Two")
    a_room(event, name="Three")
    say_all(room, wren, "two", "three")
    with CaptureQueriesContext(connection) as three:
        client.get(path)
    assert len(three) == len(one)
