"""Identifiers that say nothing: neither when a row was made nor how many came before it."""

from __future__ import annotations

import hashlib
import secrets

# No vowels (no accidental words) and nothing that is misread aloud.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"


def public_id(length: int = 10) -> str:
    """A random name for an address, `length` characters of 27 (10 characters are 47 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def random_key() -> int:
    """A random positive row key that every database and JSON reader holds exactly (52 bits)."""
    return secrets.randbits(52) + 1


def token_hash(token: str) -> bytes:
    """What the database keeps of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).digest()
