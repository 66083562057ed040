"""Chance that falls the same way in every run: ids, keys and words of a house that is looked at, and of no other."""

from __future__ import annotations

import random
import secrets

_chance = random.Random()


def take_over() -> None:
    """From now on all that this process draws from `secrets` follows from what `begin` was last told."""
    secrets.choice = _chance.choice
    secrets.randbits = _chance.getrandbits
    secrets.randbelow = _chance.randrange
    secrets.token_bytes = lambda nbytes=None: _chance.randbytes(nbytes or 32)
    secrets.token_hex = lambda nbytes=None: _chance.randbytes(nbytes or 32).hex()
    secrets.token_urlsafe = lambda nbytes=None: _chance.randbytes(nbytes or 32).hex()


def begin(step: str) -> None:
    """Draw anew for a step of the building, so that what another step draws changes nothing here."""
    _chance.seed(step)
