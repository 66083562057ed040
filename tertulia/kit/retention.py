"""How long a row of a model is kept, and what ends it; every model declares one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ends(StrEnum):
    """What makes a row go."""

    NEVER = "never"  # public record: no person in it, or published by their consent
    WITH_EVENT = "with-event"  # days after the event's close
    WITH_OWNER = "with-owner"  # when the row that it hangs on goes
    WHEN_USED = "when-used"  # by its own expiry
    WHEN_ASKED = "when-asked"  # when the person it speaks of takes it back


@dataclass(frozen=True)
class Retention:
    """`ends` by what, after how many `days` (0: at once), and `why` it is kept until then."""

    ends: Ends
    why: str
    days: int = 0

    def __post_init__(self) -> None:
        if not self.why.strip():
            raise ValueError("a retention without a reason")
