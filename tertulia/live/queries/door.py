"""The doors of rooms that need a pass: links that invite, and the pass that a browser holds until it is closed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import override

from tertulia.kit.handover import taken_over
from tertulia.live.models import WITH_PASS, Room

DOOR_COOKIE = "d"
TOKEN_DIGITS = 32
# Browsers that bring back their tabs bring back such cookies, too.
PASS_SECONDS = 30 * 24 * 60 * 60


def invitation_token(room: Room) -> str:
    """What the link says that invites into the room now: 128 bits, made of the room's key for links and our secret.

    Whoever has the database alone cannot make it.
    """
    words = f"{room.public_id} {room.invitation}"
    return salted_hmac("tertulia.live.invitation", words, algorithm="sha256").hexdigest()[:TOKEN_DIGITS]


def invitation_address(room: Room) -> str:
    """The link that invites into the room now, with the name of our site."""
    with override(settings.LANGUAGE_CODE):
        return settings.ADDRESS + reverse("live:invited", args=[room.public_id, invitation_token(room)])


def is_invitation(room: Room, token: str) -> bool:
    """Whether the `token` of a link is the one that invites into the room now."""
    return constant_time_compare(token, invitation_token(room))


def has_pass(request: HttpRequest, room: Room) -> bool:
    """Whether the browser holds a pass for the room as its door is now; where none is needed nobody has one."""
    if room.audience not in WITH_PASS:
        return False
    return taken_over(request, DOOR_COOKIE, label=pass_label(room), seconds=PASS_SECONDS) == pass_text(room)


def pass_text(room: Room) -> str:
    """What a pass for the room says: for which kind of door, and which invitations were good when it was given."""
    return f"{room.audience} {room.invitation}"


def pass_label(room: Room) -> str:
    """What a pass for the room is bound to: it opens no other one."""
    return f"live pass {room.public_id}"


def pass_paths(public_id: str) -> list[str]:
    """The pages of a room, in each language: where a pass is sent to."""
    paths = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            paths.append(reverse("live:room", args=[public_id]))
    return paths
