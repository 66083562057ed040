"""What people do in a room: they say something, edit it, and take it back."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from tertulia.kit.errors import Gone, Invalid, NotAllowed, Refusal, TooFast
from tertulia.live.models import Room
from tertulia.live.queries import author_of
from tertulia.live.relay.hub import ask
from tertulia.live.relay.writer import NotStored
from tertulia.live.rules import belongs, can_speak
from tertulia.programme.models import Participation

# The sequence of a message that waits for a moderator: it has none yet.
HELD = 0
A_MINUTE = 60


def say(room: Room, participation: Participation | None, client_id: str, text: str, reply: int | None = None) -> int:
    """Say `text` (1 to 2,000 characters) in the room; its sequence there once it is on disk, or HELD.

    `client_id` (8 to 64 letters, digits, _ or -) makes a second try of the same message harmless; `reply` is the
    sequence of the message that it answers. NotAllowed for who may not write here; Invalid at `text`; TooFast, with the
    time to wait, for too much in one breath, in slow mode and for newcomers; Gone when the talk was erased, the room
    cannot be reached, or a moderator has just changed who may write.
    """
    speaker = _speaker(room, participation)
    message: dict[str, Any] = {"id": client_id, "text": text}
    return _send(room, speaker, message if reply is None else {**message, "reply": reply})


def edit_message(room: Room, participation: Participation | None, client_id: str, sequence: int, text: str) -> int:
    """Put `text` in the place of what one said as `sequence`; the sequence of the entry that says so.

    The former words are in no copy of the log any more. `client_id` as `say`. NotAllowed for who may not write here;
    Invalid at `text`; TooFast for too much in one breath; Gone if there is no such message of one's own, the talk was
    erased, the room cannot be reached, or a moderator reads first what is written there.
    """
    return _send(room, _speaker(room, participation), {"id": client_id, "edit": sequence, "text": text})


def remove_own_message(room: Room, participation: Participation | None, client_id: str, sequence: int) -> int:
    """Take back what one said as `sequence`, even where one may not write any more; `client_id` as `say`.

    The sequence of the entry that says so. NotAllowed for who has not come in to the event; TooFast and Gone as
    `edit_message`.
    """
    if participation is None or not belongs(room, participation):
        raise NotAllowed(_("Come in to write here."))
    return _send(room, participation, {"id": client_id, "remove": sequence})


def _speaker(room: Room, participation: Participation | None) -> Participation:
    if participation is None or not can_speak(room, participation):
        raise NotAllowed(_("Come in to write here."))
    return participation


def _send(room: Room, speaker: Participation, message: dict[str, Any]) -> int:
    request = {"room": room.public_id, "author": author_of(speaker), "name": speaker.chosen_name}
    try:
        answer = ask(settings.LIVE_SOCKET, {**request, "message": message})
    except NotStored as fault:
        raise Gone(_("The room cannot be reached just now. What you wrote is still here: try again.")) from fault
    if "refused" in answer:
        raise _refusal(answer)
    return int(answer.get("sequence", HELD))


def _refusal(answer: dict[str, Any]) -> Refusal:  # noqa: PLR0911 - one sentence for each reason
    """Why the relay did not take it, in words for who sent it."""
    refused, seconds = answer.get("refused"), math.ceil(answer.get("wait", 0))
    if refused == "malformed":
        return Invalid(_("Write between 1 and 2,000 characters."), where="text")
    if refused == "too fast":
        return TooFast(_("That was a lot in one breath. What you wrote is still here: wait a moment and try again."))
    if refused == "slow":
        words = _("This room is in slow mode. What you wrote is still here. Seconds to wait: %(wait)d.")
        return TooFast(words % {"wait": seconds})
    if refused == "newcomer":
        words = _("Who has just come listens first. What you wrote is still here. Minutes to wait: %(wait)d.")
        return TooFast(words % {"wait": math.ceil(seconds / A_MINUTE)})
    if refused == "hold":
        return Gone(_("While a moderator reads first, nothing is edited. Delete it, and write it anew."))
    if refused == "no such message":
        return Gone(_("This message is not there any more."))
    if refused in {"muted", "banned", "closed"}:
        return Gone(_("You cannot write here just now. What you wrote is still here."))
    return Gone(_("This could not be kept. What you wrote is still here: try again."))
