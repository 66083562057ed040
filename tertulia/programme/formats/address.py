"""Titles as addresses."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80


def address_of(title: str) -> str:
    """The title as an address: plain letters, digits and hyphens, 80 at most; empty if it has none of them."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST].strip("-")
