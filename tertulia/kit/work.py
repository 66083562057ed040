"""A piece of work that a device does when very many come: asked and checked in no time, dear to who does it often.

Thirty-two small tasks instead of a large one: then luck evens out, and hardly anybody waits twice as long as usual.
"""

from __future__ import annotations

import hashlib
import secrets

from tertulia.kit.handover import close, opened
from tertulia.kit.sealing import Unreadable

PIECES = 32
BITS = 13  # that are zero at the start of each hash: 262,144 hashes on average in all
SECONDS = 600
NONCE_BYTES = 12
COUNTER_BYTES = 4
HASH_BITS = 256


def task(label: str) -> str:
    """A new task for whoever can say the same `label`; it says nothing and holds for ten minutes."""
    return close(secrets.token_bytes(NONCE_BYTES), f"work {label}")


def seed(box: str) -> str:
    """What is hashed for the task in `box`, 64 hex digits."""
    return hashlib.sha256(box.encode()).hexdigest()


def do(box: str) -> str:
    """Do the work, as a device does it."""
    own = bytes.fromhex(seed(box))
    return ".".join(
        str(next(n for n in range(256**COUNTER_BYTES) if _is_hit(own, place, n))) for place in range(PIECES)
    )


def is_done(box: str, done: str, label: str) -> bool:
    """Whether `box` is a task of ours for this `label`, not older than ten minutes, and `done` is what `do` gives."""
    try:
        _nonce, age = opened(box, f"work {label}")
    except Unreadable:
        return False
    counters = done.split(".", PIECES)
    is_whole = len(counters) == PIECES and all(_is_counter(counter) for counter in counters)
    own = bytes.fromhex(seed(box))
    return is_whole and 0 <= age < SECONDS and all(_is_hit(own, place, int(n)) for place, n in enumerate(counters))


def _is_counter(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) < 256**COUNTER_BYTES  # noqa: PLR2004


def _is_hit(own: bytes, place: int, counter: int) -> bool:
    hashed = hashlib.sha256(own + place.to_bytes(COUNTER_BYTES) + counter.to_bytes(COUNTER_BYTES)).digest()
    return int.from_bytes(hashed) >> (HASH_BITS - BITS) == 0
