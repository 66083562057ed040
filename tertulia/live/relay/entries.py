"""What a room's log holds, and how it looks on the wire."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

TEXT_LENGTH = 2000
MOST_ENTRIES = 10**12
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_POSITION = re.compile(r"([0-9a-z]{1,32})-([0-9]{1,15})")
# Controls but for the tab and the line feed; halves of characters; embeddings, overrides and isolates of direction.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class Malformed(Exception):  # noqa: N818 - an answer to the sender
    """What was sent is not a message; `str()` says why."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a room's log: the log's `epoch` and the `sequence` of the last entry seen."""

    epoch: str
    sequence: int

    def __str__(self) -> str:
        return f"{self.epoch}-{self.sequence}"

    @classmethod
    def parse(cls, text: str) -> Position | None:
        """The position written in `text`; None if it is none."""
        found = _POSITION.fullmatch(text.strip())
        return cls(found[1], int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Entry:
    """One committed entry: its `sequence` in the room and its `body`, a JSON object as bytes."""

    sequence: int
    body: bytes

    def frame(self, epoch: str) -> bytes:
        """The entry as a server-sent event, with the position as its id."""
        return b"id: %s-%d\ndata: %s\n\n" % (epoch.encode(), self.sequence, self.body)


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry on its way into the log; `client_id` makes a second try of the same one harmless.

    One that changes the entry `about` (a sequence, else 0) puts the body `instead` in its place; with `ends`, for good.
    """

    room: str
    author: str
    client_id: str
    body: bytes
    about: int = 0
    instead: bytes = b""
    ends: bool = False


def draft_message(room: str, author: str, name: str, sent: object) -> Draft:
    """Make a draft of what a client `sent`: a JSON object with `id` (8 to 64 of A-Z a-z 0-9 _ -) and `text`.

    `text` is 1 to 2,000 characters after trimming; controls and invisible direction marks go. `reply`, if given, is
    the sequence of the message that it answers. Malformed says what is wrong.
    """
    client_id = client_id_in(sent)
    text = text_in(sent)
    said: dict[str, object] = {"kind": "said", "author": author, "name": name, "text": text, "at": minute()}
    if (reply := sequence_in(sent, "reply")) is not None:
        said["reply"] = reply
    return Draft(room, author, client_id, body_of(said))


def client_id_in(sent: object) -> str:
    """The name that a client gave to what it `sent`; Malformed."""
    if not isinstance(sent, dict):
        raise Malformed("a message is a JSON object with id and text")
    client_id = sent.get("id")
    if not isinstance(client_id, str) or not _CLIENT_ID.fullmatch(client_id):
        raise Malformed("id is 8 to 64 letters, digits, _ or -")
    return client_id


def text_in(sent: object) -> str:
    """The text of what a client `sent`, as it is kept; Malformed."""
    text = sent.get("text") if isinstance(sent, dict) else None
    if not isinstance(text, str):
        raise Malformed("text is missing")
    text = clean(text)
    if not text:
        raise Malformed("the message is empty")
    if len(text) > TEXT_LENGTH:
        raise Malformed(f"the message is longer than {TEXT_LENGTH} characters")
    return text


def sequence_in(sent: object, name: str) -> int | None:
    """The sequence under `name` in what a client `sent`; None without one; Malformed if it is none."""
    given = sent.get(name) if isinstance(sent, dict) else None
    if given is None:
        return None
    if type(given) is not int or not 0 < given <= MOST_ENTRIES:
        raise Malformed(f"{name} is the number of a message")
    return given


def clean(text: str) -> str:
    """`text` without what cannot be seen and can mislead: controls, direction overrides, lone surrogates.

    Nothing is left of a text in which nothing can be seen.
    """
    cleaned = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return cleaned if any(unicodedata.category(character)[0] not in "CZ" for character in cleaned) else ""


def body_of(entry: dict[str, object]) -> bytes:
    """An entry as it is sealed and sent."""
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()


def minute() -> str:
    """Now, to the minute: enough to follow a conversation, too coarse to match it with somebody's traffic."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")
