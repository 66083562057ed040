"""What is in a room: the same by a fresh look and by the stream, and authors that nothing joins."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tertulia.live.queries import Message, author_of, latest_talk, on_at, room_called, rooms_of, ticket_for
from tertulia.live.relay.entries import Position
from tertulia.live.relay.tickets import check
from tertulia.programme.models import SessionText
from tests.factories import let_in, make_event, make_session
from tests.factories.programme import make_slot
from tests.live.folding import folded_talk
from tests.live.scenes import a_room, say_all, somebody_in
from tests.live.stand import Stand

pytestmark = pytest.mark.django_db


def test_a_fresh_look_equals_what_the_stream_delivers(relay: Stand) -> None:
    room = a_room()
    wren, noor = somebody_in(room), somebody_in(room, "نور")
    before = latest_talk(room)
    say_all(room, wren, "one", "two\nlines")
    middle = latest_talk(room)
    say_all(room, noor, "مساء الخير", "<b>&amp;")
    fresh = latest_talk(room).messages

    def heard(after: Position, number: int) -> list[Message]:
        return folded_talk(relay.hear(room.public_id, ticket_for(room, wren), str(after), number))

    assert before.messages == []
    assert heard(before.position, 4) == fresh
    assert heard(middle.position, 2) == fresh[2:]
    assert [message.text for message in fresh] == ["one", "two\nlines", "مساء الخير", "<b>&amp;"]


@pytest.mark.usefixtures("relay")
def test_a_look_shows_the_latest() -> None:
    room = a_room()
    say_all(room, somebody_in(room), "one", "two", "three")
    talk = latest_talk(room, limit=2)
    assert [(message.sequence, message.text) for message in talk.messages] == [(2, "two"), (3, "three")]
    assert talk.position.sequence == 3


@pytest.mark.usefixtures("relay")
def test_moments_are_to_the_minute() -> None:
    room = a_room()
    began = timezone.now()
    say_all(room, somebody_in(room), "now")
    (message,) = latest_talk(room).messages
    assert (message.at.second, message.at.microsecond) == (0, 0)
    assert timedelta(minutes=-1) < message.at - began < timedelta(minutes=1)


def test_an_author_is_one_in_an_event_and_somebody_else_in_the_next() -> None:
    first, second = a_room(), a_room()
    wren = somebody_in(first)
    heron = somebody_in(first, "Heron")
    again = let_in(wren.account, second.event, "Wren")
    authors = [author_of(one) for one in (wren, wren, heron, again)]
    assert authors[0] == authors[1]
    assert len(set(authors)) == 3
    assert all(re.fullmatch("[0-9a-f]{16}", author) for author in authors)


def test_a_ticket_lets_speak_who_may_speak() -> None:
    room = a_room()
    wren = somebody_in(room)
    key = settings.KEYS.make("tickets")
    own = check(key, ticket_for(room, wren), room.public_id)
    guest = check(key, ticket_for(room, None), room.public_id)
    room.is_open = False
    late = check(key, ticket_for(room, wren), room.public_id)
    assert own
    assert guest
    assert late
    assert (own.author, own.name, own.may_speak) == (author_of(wren), "Wren", True)
    assert [(one.author, one.name, one.may_speak) for one in (guest, late)] == [
        ("", "", False),
        (author_of(wren), "Wren", False),
    ]


def test_now_and_next_on_a_stage() -> None:
    event = make_event()
    room = a_room(event)
    for title, hour in (("First", 9), ("Second", 10), ("Third", 15)):
        make_session(event, title, room.place, hour)
    elsewhere = a_room(event, name="Courtyard")
    make_session(event, "Elsewhere", elsewhere.place, 9)

    def titles(hour: int, minute: int = 0) -> list[str | None]:
        found = on_at(room, datetime(2021, 11, 16, hour, minute, tzinfo=UTC), "en")
        return [on.text.title if on else None for on in found]

    assert titles(8) == [None, "First"]
    assert titles(9) == ["First", "Second"]
    assert titles(10) == ["Second", "Third"]
    assert titles(12) == [None, "Third"]
    assert titles(15, 59) == ["Third", None]
    assert titles(16) == [None, None]


def test_what_is_on_is_titled_in_the_language_asked_for() -> None:
    event = make_event()
    room = a_room(event)
    session = make_session(event, "Who asks?", room.place, 9)
    SessionText.objects.create(session=session, language="es", title="¿Quién pregunta?", source_revision=1)
    moment = datetime(2021, 11, 16, 9, 30, tzinfo=UTC)
    titles = [on.text.title for language in ("es", "ar") if (on := on_at(room, moment, language)[0])]
    assert titles == ["¿Quién pregunta?", "Who asks?"]


def test_rooms_are_in_the_order_of_the_programme() -> None:
    event = make_event()
    names = ["Zelt", "Aula", "Mitte"]
    rooms = [a_room(event, name=name) for name in names]
    a_room()
    with CaptureQueriesContext(connection) as asked:
        assert [str(room) for room in rooms_of(event)] == names
    assert len(asked) == 1
    assert room_called(rooms[0].public_id) == rooms[0]
    assert room_called("nowhere") is None


def test_more_on_the_stage_costs_no_more_queries(django_assert_num_queries: object) -> None:
    event = make_event()
    room = a_room(event)
    session = make_session(event, "One", room.place, 9)
    moment = datetime(2021, 11, 16, 9, 30, tzinfo=UTC)
    with CaptureQueriesContext(connection) as one:
        on_at(room, moment, "en")
    for hour in (11, 13, 15):
        make_slot(session, datetime(2021, 11, 16, hour, tzinfo=UTC), room.place)
    with CaptureQueriesContext(connection) as three:
        on_at(room, moment, "en")
    assert len(three) == len(one)
