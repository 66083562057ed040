"""The room log as it stands on disk, opened anew: what the books are compared with."""

from __future__ import annotations

import json

from tertulia.kit.sealing import KeyStore
from tertulia.live.rehearsal.books import Log
from tertulia.live.rehearsal.messages import message_in
from tertulia.live.relay.boxes import Boxes
from tertulia.live.relay.store import open_log

PAGE = 1000


class NotHere(Exception):  # noqa: N818 - it describes the room
    """The room's key is not in this place, so its log cannot be read."""


def read_log(address: str, keys: KeyStore, room: str) -> Log:
    """Every entry of `room` as (sequence, message id), none if nobody got as far as a room; NotHere."""
    if not room:
        return []
    log, boxes = open_log(address), Boxes(keys)
    if not boxes.has_room(room):
        raise NotHere(room)
    try:
        entries: Log = []
        while rows := log.read(room, entries[-1][0] if entries else 0, PAGE):
            for sequence, box in rows:
                said = json.loads(boxes.open(room, sequence, box).body)
                entries.append((sequence, message_in(said.get("text"), sequence)))
        return entries
    finally:
        log.close()
