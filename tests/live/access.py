"""Who may read and write in rooms."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from tertulia.live.actions import mute, open_rooms
from tertulia.live.models import Audience, Room
from tertulia.live.queries import invitation_token, room_log
from tertulia.live.relay.boxes import Boxes
from tertulia.live.relay.entries import draft_message
from tertulia.people.models import Account
from tertulia.people.rules import is_staff
from tests.architecture.access import Answers, Route, everybody
from tests.architecture.relaying import RelayRoute
from tests.factories import let_in, make_account, make_event, make_room

MESSAGE = {"text": "good evening", "client_id": "0123456789abcdef"}
# Who has come in gets 422, since no relay runs here that could keep the message. A visitor and staff come in nowhere;
# those of them who moderate the event read its rooms.
WRITES = Answers(visitor=403, participant=422, organiser=403, administrator=403)
READS = Answers(visitor=403, participant=200, organiser=200, administrator=200, staff=403, roles={"moderator": 200})
LISTENS = Answers(visitor=403, participant=204, organiser=204, administrator=204, staff=403, roles={"moderator": 204})


def moderators(status: int) -> Answers:
    """Those who organise the event or moderate it get in, and nobody else."""
    return Answers(403, 403, status, status, staff=403, roles={"moderator": status})


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


def an_invitation(account: Account) -> dict[str, Any]:
    """The link that invites into a room."""
    given = a_room_of(account)
    Room.objects.filter(**given).update(audience=Audience.INVITED)
    return {**given, "token": invitation_token(Room.objects.get(**given))}


def a_room_of_the_community(account: Account) -> dict[str, Any]:
    """A room to which one is let in by one's word."""
    given = a_room_of(account)
    Room.objects.filter(**given).update(audience=Audience.COMMUNITY)
    return given


def a_message(account: Account) -> dict[str, Any]:
    """Something that was said in a room."""
    given = a_room_of(account)
    draft = draft_message(given["public_id"], "0123456789abcdef", "Wren", {"id": "message-1", "text": "good evening"})
    room_log().append([Boxes(settings.KEYS).seal(draft)])
    return {**given, "sequence": 1}


def a_restriction(account: Account) -> dict[str, Any]:
    """Somebody who may not write in a room."""
    given = a_room_of(account)
    return {**given, "number": mute(Room.objects.get(**given), "0123456789abcdef", 10).pk}


RULES = {"is_open": "on", "slow": "30", "newcomers": "5", "audience": "account"}
ROUTES = [
    Route(
        "live:room",
        address=a_room_of,
        get=READS,
        get_other=moderators(200),
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
    Route(
        "live:message",
        address=a_message,
        get=READS,
        get_other=moderators(200),
        post=WRITES,
        post_other=everybody(403),
        sends=MESSAGE | {"act": "reply"},
    ),
    Route("live:search", address=a_room_of, get=READS, get_other=moderators(200)),
    Route("live:ticket", address=a_room_of, get=LISTENS, get_other=moderators(204)),
    Route("live:invited", address=an_invitation, get=everybody(200), post=everybody(302)),
    Route("live:one_of_us", address=a_room_of_the_community, post=everybody(302)),
    Route("live:moderation", address=a_room_of, get=moderators(200), post=moderators(302), sends=RULES),
    Route("live:renew_invitation", address=a_room_of, post=moderators(302)),
    Route(
        "live:decide",
        address=lambda owner: {**a_room_of(owner), "sequence": 1},
        post=moderators(302),
        sends={"approve": "1"},
    ),
    Route("live:lift", address=a_restriction, post=moderators(302)),
    Route("live:remove", address=a_message, get=moderators(200), post=moderators(302)),
    Route("live:mute", address=a_message, get=moderators(200), post=moderators(302), sends={"time": "10"}),
    Route("live:ban", address=a_message, get=moderators(200), post=moderators(302), sends={"time": "0"}),
    Route("live:avatar", address=lambda _owner: {"author": "0123456789abcdef"}, get=everybody(200)),
]

# What the relay itself answers. A ticket, and the control of the room that it was handed, is all it knows.
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
            "from before one was muted": 200,
            "of who is muted": 200,
            "from before one was asked to leave": 401,
            "of who moderates": 200,
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
            "from before the close": 403,
            "from before one was muted": 403,
            "of who is muted": 403,
            "from before one was asked to leave": 401,
            "of who moderates": 403,
            "of talk that was erased": 404,
            "of a deleted account": 401,
        },
    ),
    # On a port of its own, whoever watches over it asks here; nothing of a room or of a person is told.
    RelayRoute("/healthz", "GET", status=200),
    RelayRoute("/readyz", "GET", status=200),
]
