"""Rooms and the people in them."""

from __future__ import annotations

import itertools
import re
from typing import Any

from tertulia.live.actions import open_rooms, say
from tertulia.live.models import Audience, Room
from tertulia.people.models import Account
from tertulia.programme.models import Event, Participation
from tests.factories import let_in, make_account, make_event, make_room

_ids = itertools.count(1)


def a_room(event: Event | None = None, audience: Audience = Audience.ACCOUNT, name: str = "Main stage") -> Room:
    """An open room of an event."""
    event = event or make_event()
    place = make_room(event, name)
    open_rooms(event)
    Room.objects.filter(place=place).update(audience=audience)
    return Room.objects.select_related("event", "place").get(place=place)


def somebody_in(room: Room, name: str = "Wren") -> Participation:
    """Somebody who has come in to the event of the room."""
    return let_in(make_account(), room.event, name)


def a_moderator(room: Room) -> Account:
    """Somebody who moderates the event of the room, and no other."""
    return make_account("moderator", scope=room.event.slug)


def say_all(room: Room, who: Participation, *texts: str) -> list[int]:
    """The texts, said one after the other; their sequences."""
    return [say(room, who, f"message-{next(_ids):06d}", text) for text in texts]


def address(room: Room) -> str:
    """The page of the room."""
    return f"/live/{room.public_id}/"


def text_of(page: Any) -> str:
    """What a reader sees of the main part, with single spaces."""
    main = page.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(re.sub(r"<[^>]*>", " ", "<main" + main).split())


def said_on(page: Any) -> list[str]:
    """What stands on the page as said, from the first to the last."""
    return re.findall(r'<p class="said" dir="auto">([^<]+)</p>', page.content.decode())
