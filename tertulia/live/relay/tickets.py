"""Tickets: what the pages promise the relay about one connection, sealed so that a cookie says nothing."""

from __future__ import annotations

import base64
import binascii
import json
import time
from dataclasses import asdict, dataclass, replace

from tertulia.kit.sealing import Unreadable, seal, unseal

COOKIE = "t"
MINUTES = 30
_PLAIN = str.maketrans("-_", "+/")
_LABEL = b"tertulia ticket 1"


@dataclass(frozen=True, slots=True)
class Ticket:
    """`room` may be listened to until `expires` (Unix seconds); `author` and `name` speak there if `may_speak`.

    Who `moderates` hears when something waits for approval. It opens the `door` of the room as it was then, and none
    that was made harder since.
    """

    room: str
    author: str = ""
    name: str = ""
    may_speak: bool = False
    expires: int = 0
    moderates: bool = False
    door: int = 0


def issue(key: bytes, ticket: Ticket) -> str:
    """The ticket, good for 30 minutes from now, sealed under `key` (32 bytes), as text for a cookie."""
    ticket = replace(ticket, expires=int(time.time()) + MINUTES * 60)
    box = seal(key, json.dumps(asdict(ticket), separators=(",", ":")).encode(), _LABEL)
    return base64.urlsafe_b64encode(box).decode().rstrip("=")


def check(key: bytes, text: str, room: str) -> Ticket | None:
    """The ticket in `text` if it was issued under `key` for `room` and has not expired; else None."""
    try:
        box = binascii.a2b_base64(text.translate(_PLAIN) + "=" * (-len(text) % 4), strict_mode=True)
        ticket = Ticket(**json.loads(unseal(key, box, _LABEL)))
    except (Unreadable, binascii.Error, ValueError, TypeError):
        return None
    return ticket if ticket.room == room and ticket.expires > time.time() else None
