"""What moderators do with messages: taking them out, and publishing what waits."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tertulia.kit.errors import Gone
from tertulia.kit.facts import announce
from tertulia.live.actions.control import check_moderates
from tertulia.live.facts import MessageRemoved, WaitingDecided
from tertulia.live.models import Room
from tertulia.live.relay.hub import ask
from tertulia.live.relay.writer import NotStored
from tertulia.people.models import Account


def remove_message(room: Room, sequence: int, by: Account | None = None) -> None:
    """Take the message with that sequence out of the room; its words are in no copy of the log any more.

    `by` None is the operator at the machine. NotAllowed if `by` does not moderate the room; Gone if there is no such
    message any more, or the room cannot be reached.
    """
    check_moderates(by, room)
    with transaction.atomic():
        # What the relay does cannot be taken back: what cannot be written down is not asked of it.
        announce(MessageRemoved(room.pk, by.pk if by else None))
        _told({"room": room.public_id, "remove": sequence, "by": "moderator"})


def decide_waiting(room: Room, sequence: int, *, approve: bool, by: Account | None = None) -> None:
    """Publish the message that waits in the room under that sequence, or (not `approve`) take it out.

    `by` as above; NotAllowed; Gone if it does not wait any more, or the room cannot be reached.
    """
    check_moderates(by, room)
    with transaction.atomic():
        announce(WaitingDecided(room.pk, approve, by.pk if by else None))
        _told({"room": room.public_id, "decide": sequence, "approve": approve})


def _told(request: dict[str, Any]) -> None:
    try:
        answer = ask(settings.LIVE_SOCKET, request)
    except NotStored as fault:
        raise Gone(_("The room cannot be reached just now. Nothing has changed: try again.")) from fault
    if answer.get("refused") == "no such message":
        raise Gone(_("This message is not there any more."))
    if "sequence" not in answer:
        raise Gone(_("The room cannot be reached just now. Nothing has changed: try again."))
