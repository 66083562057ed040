"""What happened to the house as a whole."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Copied:
    """The house, or its keys (`holds`), was copied into a sealed archive."""

    holds: str


@dataclass(frozen=True)
class Restored:
    """The house was put back from an archive; what the audit log said after it was made is gone."""
