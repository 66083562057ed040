"""Opening rooms, saying, erasing: what each promises and what it refuses."""

from __future__ import annotations

import pytest
from django.conf import settings

from tertulia.kit.errors import Gone, Invalid, NotAllowed
from tertulia.live.actions import erase_talk, open_rooms, say
from tertulia.live.models import Room
from tertulia.live.queries import latest_talk, room_log
from tertulia.live.relay.boxes import key_name
from tests.factories import make_event, make_room
from tests.live.scenes import a_room, say_all, somebody_in

pytestmark = pytest.mark.django_db


def test_every_place_gets_one_room_with_a_key_however_often_rooms_are_opened() -> None:
    event = make_event()
    make_room(event, "One")
    opened = open_rooms(event)
    make_room(event, "Two")
    opened += open_rooms(event)
    assert open_rooms(event) == []
    assert [room.place.name for room in opened] == ["One", "Two"]
    assert list(Room.objects.filter(event=event)) == opened
    assert [settings.KEYS.has(key_name(room.public_id)) for room in opened] == [True, True]


@pytest.mark.usefixtures("relay")
def test_what_is_said_has_its_place_and_is_said_once() -> None:
    room = a_room()
    wren = somebody_in(room)
    said = [say(room, wren, f"message-{number}", text) for number, text in ((1, "one"), (2, "two"), (1, "one"))]
    assert said == [1, 2, 1]
    assert [message.text for message in latest_talk(room).messages] == ["one", "two"]


@pytest.mark.usefixtures("relay")
def test_two_people_may_use_the_same_id() -> None:
    room = a_room()
    for name in ("Wren", "Heron"):
        say(room, somebody_in(room, name), "message-1", f"I am {name}")
    assert [message.name for message in latest_talk(room).messages] == ["Wren", "Heron"]


@pytest.mark.usefixtures("relay")
@pytest.mark.parametrize("text", ["", "  \n", "\u202e", "x" * 2001], ids=["empty", "blank", "unseen", "too long"])
def test_what_is_no_message_is_refused_beside_its_field(text: str) -> None:
    room = a_room()
    with pytest.raises(Invalid) as refused:
        say(room, somebody_in(room), "message-1", text)
    assert refused.value.where == "text"
    assert latest_talk(room).messages == []


@pytest.mark.usefixtures("relay")
def test_who_has_not_come_in_or_finds_it_closed_says_nothing() -> None:
    room = a_room()
    wren = somebody_in(room)
    for who in (None, somebody_in(a_room())):
        with pytest.raises(NotAllowed):
            say(room, who, "message-1", "hello")
    room.is_open = False
    with pytest.raises(NotAllowed):
        say(room, wren, "message-1", "hello")
    assert latest_talk(room).messages == []


def test_without_a_relay_it_is_said_kindly_that_nothing_was_kept() -> None:
    room = a_room()
    with pytest.raises(Gone, match="The room cannot be reached just now. What you wrote is still here: try again."):
        say(room, somebody_in(room), "message-1", "hello")


@pytest.mark.usefixtures("relay")
def test_what_was_erased_is_in_no_copy_any_more_and_nothing_more_is_said() -> None:
    room, other = a_room(), a_room()
    wren, heron = somebody_in(room), somebody_in(other)
    say_all(room, wren, "a secret")
    say_all(other, heron, "it stays")
    erase_talk(room)
    erase_talk(room)
    assert settings.KEYS.has(key_name(room.public_id)) is False
    assert room_log().latest(room.public_id, 10) == []
    assert [message.text for message in latest_talk(other).messages] == ["it stays"]
    with pytest.raises(Gone):
        say(room, wren, "message-1", "one more")
    room.refresh_from_db()
    assert (room.is_open, room.is_erased) == (False, True)
