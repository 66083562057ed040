"""What people send to a room, and what becomes of it: it is said, changed, held for a moderator, or refused."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from typing import Any

from tertulia.live.relay.boxes import held_name
from tertulia.live.relay.changes import Change, NoSuchMessage, change_in, drafted, gone
from tertulia.live.relay.control import Refusal
from tertulia.live.relay.entries import Draft, body_of, draft_message, minute
from tertulia.live.relay.relay import Relay
from tertulia.live.relay.room import Room
from tertulia.live.relay.writer import NotStored


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who sends something: the mark of the author, the chosen name, and whether the pages let them write."""

    author: str
    name: str
    may_speak: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """Where it stands now: in the room's log, or (`is_held`) in the one that waits for a moderator."""

    sequence: int
    is_held: bool = False


async def receive(relay: Relay, room: Room, speaker: Speaker, sent: object) -> Said:
    """Take what a client `sent` to the room: a new message, an edit, or one to be taken back.

    Malformed; Refusal, with the seconds to wait if there are any; NoSuchRoom, NoSuchMessage, NotStored. What was said
    may be taken back even by who is muted, and when the room is closed.
    """
    asked = change_in(room.name, speaker.author, sent) or draft_message(room.name, speaker.author, speaker.name, sent)
    if isinstance(asked, Draft) or asked.text is not None:
        room.control.check(speaker.author, time.time())
        if not speaker.may_speak:
            raise Refusal("silent", "come in to write here")
    if wait := relay.flood.wait(speaker.author):
        raise Refusal("too fast", "too much in one breath", wait)
    if isinstance(asked, Change):
        if asked.text is not None and room.control.hold:
            # Else what a moderator has let stand could become anything afterwards.
            raise Refusal("hold", "a moderator reads what is written first: take it back, and write it anew")
        return Said(await carry_out(relay, asked))
    room.floor.take(speaker.author, room.control)
    try:
        return await _say(relay, room, asked)
    except NotStored:
        room.floor.give_back(speaker.author)
        raise


async def carry_out(relay: Relay, change: Change) -> int:
    """Edit a message, or take it out; the sequence of the entry that says so, or of the room if it is out already.

    NoSuchMessage, NoSuchRoom, NotStored.
    """
    room = await relay.room(change.room)
    draft = drafted(change, await relay.entry(change.room, change.of))
    return await relay.say(draft) if draft else room.last


async def decide(relay: Relay, name: str, held: int, *, approve: bool) -> int:
    """Publish the message that waits as `held` in the room called `name`, or not; its sequence in the room, else 0.

    A second try is harmless. NoSuchMessage, NoSuchRoom, NotStored.
    """
    room, waiting = await relay.room(name), held_name(name)
    entry = await relay.entry(waiting, held)
    said = json.loads(entry.body) if entry else {}
    if said.get("kind") != "said":
        raise NoSuchMessage("nothing waits there")
    sequence = await relay.say(_approved(name, held, said)) if approve else 0
    body = body_of({"kind": "removed", "of": held, "by": "moderator"})
    await relay.say(Draft(waiting, "", f"decided {held}", body, held, gone("moderator"), ends=True))
    room.tell_moderators()
    return sequence


async def _say(relay: Relay, room: Room, draft: Draft) -> Said:
    if not room.control.hold:
        return Said(await relay.say(draft))
    waits = body_of(json.loads(draft.body) | {"id": draft.client_id})
    sequence = await relay.say(replace(draft, room=held_name(room.name), body=waits))
    room.tell_moderators()
    return Said(sequence, is_held=True)


def _approved(name: str, held: int, said: dict[str, Any]) -> Draft:
    # Under the id that its client gave: a second try of the approval is known by it, and so is one of the client that
    # came while nothing was held. What waited before ids were kept is known by its place.
    client_id = said.pop("id", f"held {held}")
    return Draft(name, said["author"], client_id, body_of(said | {"at": minute()}))
