"""The doors of rooms: who can read them, links that invite, and passes."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.http import HttpResponse
from django.utils.translation import gettext as _

from tertulia.kit.errors import NotAllowed
from tertulia.kit.facts import announce
from tertulia.kit.handover import hand_over
from tertulia.live.actions.control import change_control
from tertulia.live.facts import AudienceSet, InvitationRenewed
from tertulia.live.models import WITH_PASS, Audience, Room, new_invitation
from tertulia.live.queries.door import DOOR_COOKIE, pass_label, pass_paths, pass_text
from tertulia.live.rules import can_open_door
from tertulia.people.models import Account

# Doors that shut out somebody whom this one lets in.
HARDER_THAN = {
    Audience.PUBLIC: {Audience.ACCOUNT, *WITH_PASS},
    Audience.ACCOUNT: WITH_PASS,
    Audience.INVITED: {Audience.COMMUNITY},
    Audience.COMMUNITY: {Audience.INVITED},
}


def set_audience(room: Room, audience: Audience, by: Account | None = None) -> None:
    """Say who can read the room: it holds for whoever opens the page from now on.

    If fewer can than before, the streams of all who listen end, and those who may still read come back by themselves.
    `by` None is the operator at the machine. NotAllowed if `by` neither organises the event nor moderates it.
    """
    _check(by, room)
    is_harder = audience != room.audience and audience in HARDER_THAN[Audience(room.audience)]
    with transaction.atomic():
        _set_door(room, is_harder=is_harder, audience=audience)
        announce(AudienceSet(room.pk, by.pk if by else None))
    room.audience = audience


def renew_invitation(room: Room, by: Account | None = None) -> None:
    """Make the link that invites into the room anew: earlier ones, and the passes they gave, open nothing any more.

    Streams that a pass opened end. `by` as above; NotAllowed.
    """
    _check(by, room)
    invitation = new_invitation()
    with transaction.atomic():
        _set_door(room, is_harder=room.audience in WITH_PASS, invitation=invitation)
        announce(InvitationRenewed(room.pk, by.pk if by else None))
    room.invitation = invitation


def give_pass(response: HttpResponse, room: Room) -> None:
    """Give the browser a pass for the room as its door is now, until it is closed; nobody here keeps a note of it."""
    for path in pass_paths(room.public_id):
        one = HttpResponse()
        hand_over(one, DOOR_COOKIE, pass_text(room), path=path, label=pass_label(room))
        # A response keeps one cookie for each key, and this one stands at a path for each language.
        response.cookies[f"{DOOR_COOKIE} {path}"] = one.cookies[DOOR_COOKIE]


def _set_door(room: Room, *, is_harder: bool, **values: object) -> None:
    """Write `values`; if the door `is_harder` than it was, tickets that were given before open nothing any more."""
    mine = Room.objects.filter(pk=room.pk)
    if is_harder:
        change_control(mine, door=F("door") + 1, **values)
    else:
        mine.update(**values)


def _check(by: Account | None, room: Room) -> None:
    if by is not None and not can_open_door(by, room):
        raise NotAllowed(_("Only those who organise or moderate this event may say who reads its rooms."))
