"""Between what is said and what is stored: each room's text is sealed under the room's own key."""

from __future__ import annotations

import hashlib
import hmac

from tertulia.kit.sealing import KeyStore, Unreadable, seal, unseal
from tertulia.live.relay.changes import blank
from tertulia.live.relay.control import Control
from tertulia.live.relay.entries import Draft, Entry
from tertulia.live.relay.store.log import Order, Sealed

ONCE_BYTES = 16
# No room has a dot in its name.
HELD = ".held"


class Boxes:
    """Seals drafts and opens entries with the keys of a `KeyStore`; a room without a key does not exist."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys
        self._known: dict[str, bytes] = {}

    def has_room(self, room: str) -> bool:
        """Whether the room has been opened and its text not been erased; a key that went is forgotten at once."""
        try:
            if self._keys.has(key_name(room)):
                return bool(self._key(room))
        except (Unreadable, ValueError):
            pass
        self.forget(room)
        return False

    def seal(self, draft: Draft) -> Sealed:
        """The draft as the store may see it; Unreadable if the room's key is gone."""
        key = self._key(draft.room)
        name = f"{draft.author}\0{draft.client_id}".encode()
        once = hmac.digest(key, name, hashlib.sha256)[:ONCE_BYTES]
        box = seal(key, draft.body, _label(draft.room))
        if not draft.about:
            return Sealed(draft.room, once, box)
        instead, left = (seal(key, body, _label(draft.room)) for body in (draft.instead, blank(draft.about)))
        return Sealed(draft.room, once, box, draft.about, instead, left, draft.ends)

    def seal_order(self, room: str, version: int, control: Control) -> Order:
        """The order to keep the room so, as the store may see it; Unreadable if the room's key is gone."""
        return Order(version, seal(self._key(room), control.body(), _order_label(room)))

    def open_order(self, room: str, order: Order) -> Control:
        """How the room is to be kept; Unreadable if its key is gone or the order was changed."""
        return Control.read(unseal(self._key(room), bytes(order.box), _order_label(room)))

    def open(self, room: str, sequence: int, box: bytes) -> Entry:
        """The entry in `box`; Unreadable if the room's key is gone or the box was changed."""
        return Entry(sequence, unseal(self._key(room), bytes(box), _label(room)))

    def forget(self, room: str) -> None:
        """Drop what is remembered of the room's key, so that its destruction holds at once."""
        self._known.pop(room, None)

    def _key(self, room: str) -> bytes:
        key = self._known.get(room)
        if key is None:
            key = self._known[room] = self._keys.get(key_name(room))
        return key


def held_name(room: str) -> str:
    """What the log is called in which messages to the room wait for a moderator; it has the room's key."""
    return room + HELD


def room_of(held: str) -> str:
    """The room whose messages wait in the log called `held`; "" if that is no such log."""
    return held.removesuffix(HELD) if held.endswith(HELD) else ""


def key_name(room: str) -> str:
    """What the key of a room is called in the key store."""
    return f"rooms/{room.removesuffix(HELD)}"


def _order_label(room: str) -> bytes:
    return f"room order {room}".encode()


def _label(room: str) -> bytes:
    return f"room {room}".encode()
