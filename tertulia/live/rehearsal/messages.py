"""What a rehearsal's message says of itself: which one it is, and when it was sent."""

from __future__ import annotations

import hashlib
import random
import re

MICROSECONDS = 1_000_000
_OURS = re.compile(r"#([0-9a-f]{24})$")
_WORDS = ("hello", "hola", "مرحبا", "olá", "привет", "bonjour", "night", "noche", "ليل", "star", "tent", "poem")


def new_message(number: int, now: float) -> tuple[str, str]:
    """The id and the text of a message; `now` is in seconds on the clock that all processes of a machine share."""
    message = f"{number:08x}{int(now * MICROSECONDS):016x}"
    return message, f"{random.choice(_WORDS)} {random.choice(_WORDS)} #{message}"  # noqa: S311 - small talk


def message_in(text: object, sequence: int) -> str:
    """The id of the message with this `text`; what somebody else said is called by its place and a hash."""
    found = _OURS.search(text) if isinstance(text, str) else None
    return found[1] if found else f"{sequence} {hashlib.sha256(str(text).encode()).hexdigest()[:16]}"


def sent_at(message: str) -> float | None:
    """When a message of the rehearsal was sent, in seconds on its clock; None for somebody else's."""
    return None if " " in message else int(message[8:], 16) / MICROSECONDS
