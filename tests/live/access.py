"""Who may read and write in rooms."""

from __future__ import annotations

from typing import Any

from tertulia.live.actions import open_rooms
from tertulia.live.models import Audience
from tertulia.people.models import Account
from tests.architecture.access import Answers, Route, everybody
from tests.factories import let_in, make_event, make_room

MESSAGE = {"text": "good evening", "client_id": "0123456789abcdef"}
# A visitor owns nothing; who has come in gets 422, since no relay runs here that could keep the message.
WRITES = Answers(visitor=403, participant=422, organiser=422, administrator=422)


def a_room_of(account: Account) -> dict[str, Any]:
    """A room of an event that the account has come in to."""
    event = make_event()
    make_room(event)
    let_in(account, event)
    return {"public_id": open_rooms(event)[0].public_id}


def a_public_room_of(account: Account) -> dict[str, Any]:
    """The same, which everybody may read."""
    event = make_event()
    make_room(event)
    let_in(account, event)
    room = open_rooms(event)[0]
    type(room).objects.filter(pk=room.pk).update(audience=Audience.PUBLIC)
    return {"public_id": room.public_id}


ROUTES = [
    Route(
        "live:room",
        address=a_room_of,
        get=everybody(200),
        get_other=everybody(403),
        post=WRITES,
        post_other=everybody(403),
        sends=MESSAGE,
    ),
    Route(
        "live:room",
        about="that everybody may read",
        address=a_public_room_of,
        get=everybody(200),
        get_other=everybody(200),
        post=WRITES,
        post_other=everybody(403),
        sends=MESSAGE,
    ),
    Route("live:ticket", address=a_room_of, get=everybody(204), get_other=everybody(403)),
    Route("live:avatar", address=lambda _owner: {"author": "0123456789abcdef"}, get=everybody(200)),
]
