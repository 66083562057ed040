"""Who may read and write in rooms."""

from __future__ import annotations

from typing import Any

from tertulia.live.actions import open_rooms
from tertulia.live.models import Audience, Room
from tertulia.people.models import Account
from tertulia.people.rules import is_staff
from tests.architecture.access import Answers, Route, everybody
from tests.architecture.relaying import RelayRoute
from tests.factories import let_in, make_account, make_event, make_room

MESSAGE = {"text": "good evening", "client_id": "0123456789abcdef"}
# Who has come in gets 422, since no relay runs here that could keep the message. A visitor and staff come in nowhere.
WRITES = Answers(visitor=403, participant=422, organiser=403, administrator=403)
READS = Answers(visitor=403, participant=200, organiser=403, administrator=403)
LISTENS = Answers(visitor=403, participant=204, organiser=403, administrator=403)


def a_room_of(account: Account) -> dict[str, Any]:
    """A room of an event that the account has come in to; staff cannot, and somebody else is in there."""
    event = make_event()
    make_room(event)
    let_in(make_account() if is_staff(account) else account, event)
    return {"public_id": open_rooms(event)[0].public_id}


def a_public_room_of(account: Account) -> dict[str, Any]:
    """The same, which everybody may read."""
    room = a_room_of(account)
    Room.objects.filter(**room).update(audience=Audience.PUBLIC)
    return room


ROUTES = [
    Route(
        "live:room",
        address=a_room_of,
        get=READS,
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
    Route("live:ticket", address=a_room_of, get=LISTENS, get_other=everybody(403)),
    Route("live:avatar", address=lambda _owner: {"author": "0123456789abcdef"}, get=everybody(200)),
]

# What the relay itself answers. A ticket is all it knows: one from before the close goes on for up to 30 minutes.
RELAY = [
    RelayRoute(
        "/stream/",
        "GET",
        {
            "none": 401,
            "to listen": 200,
            "to speak": 200,
            "spoilt": 401,
            "of another house": 401,
            "of another room": 401,
            "over": 401,
            "of a closed event": 200,
            "from before the close": 200,
            "of talk that was erased": 404,
            "of a deleted account": 401,
        },
    ),
    RelayRoute(
        "/stream/",
        "POST",
        {
            "none": 401,
            "to listen": 403,
            "to speak": 200,
            "spoilt": 401,
            "of another house": 401,
            "of another room": 401,
            "over": 401,
            "of a closed event": 403,
            "from before the close": 200,
            "of talk that was erased": 404,
            "of a deleted account": 401,
        },
    ),
    # On a port of its own, whoever watches over it asks here; nothing of a room or of a person is told.
    RelayRoute("/healthz", "GET", status=200),
    RelayRoute("/readyz", "GET", status=200),
]
