"""What becomes of a message after it was said: its author edits it, or it is taken out, and then its words are gone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tertulia.live.relay.entries import Draft, Entry, body_of, client_id_in, sequence_in, text_in

AUTHOR, MODERATOR = "author", "moderator"
# As what the erasure list knows messages that were taken back.
ERASED_MESSAGE = "live.message"


class NoSuchMessage(Exception):  # noqa: N818 - an answer to the sender
    """There is no such message, or it is somebody else's, or it has been taken out."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of the message `of`: another `text`, or None: it is taken out.

    `author` is whose message it has to be; "" for a moderator, who may take out anybody's.
    """

    room: str
    author: str
    client_id: str
    of: int
    text: str | None

    @property
    def by(self) -> str:
        """Who takes it out."""
        return AUTHOR if self.author else MODERATOR


def change_in(room: str, author: str, sent: object) -> Change | None:
    """The change that a client `sent`: `edit` and `text`, or `remove`; None if it is a new message. Malformed."""
    client_id = client_id_in(sent)
    if (of := sequence_in(sent, "remove")) is not None:
        return Change(room, author, client_id, of, None)
    if (of := sequence_in(sent, "edit")) is not None:
        return Change(room, author, client_id, of, text_in(sent))
    return None


def drafted(change: Change, entry: Entry | None) -> Draft | None:
    """The draft that carries `change` out on `entry`; None if that has been taken out and should be.

    NoSuchMessage if it is not a message, or somebody else's.
    """
    said: dict[str, Any] = json.loads(entry.body) if entry else {}
    if said.get("kind") == "gone" and change.text is None:
        return None
    if said.get("kind") != "said" or change.author not in {"", said["author"]}:
        raise NoSuchMessage("there is no such message of yours")
    place = (change.room, change.author or MODERATOR, change.client_id)
    if change.text is None:
        body = body_of({"kind": "removed", "of": change.of, "by": change.by})
        return Draft(*place, body, change.of, gone(change.by), ends=True)
    body = body_of({"kind": "edited", "of": change.of, "text": change.text})
    return Draft(*place, body, change.of, body_of(said | {"text": change.text, "edited": True}))


def message_name(room: str, once: bytes) -> str:
    """What a message is called on the erasure list: it is the same in every copy of the log."""
    return f"{room}/{bytes(once).hex()}"


def gone(by: str) -> bytes:
    """What stands in the place of a message that was taken out by its author or a moderator."""
    return body_of({"kind": "gone", "by": by})


def blank(of: int) -> bytes:
    """What is left of an edit of the message `of` once there is a newer one, or the message is taken out."""
    return body_of({"kind": "edited", "of": of})


def changed_by(entry: Entry) -> int:
    """The sequence of the message that `entry` changes; 0 if it changes none."""
    # Most entries are new messages, and need not be read for that.
    return 0 if entry.body.startswith(b'{"kind":"said"') else int(json.loads(entry.body).get("of", 0))
