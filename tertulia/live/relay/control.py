"""How a room is kept: whether it is open, how fast one may speak, what waits for approval, who is muted or banned."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from tertulia.live.relay.entries import Malformed, body_of

MOST_SECONDS = 3600
MOST_MINUTES = 60


class Refusal(Exception):  # noqa: N818 - an answer to the sender
    """The author may not say this now; `reason` is a word of the interface, `wait` seconds until it may be tried."""

    def __init__(self, reason: str, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.reason = reason
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Control:
    """How a room is kept: `slow` seconds between two messages of one author, `newcomers` minutes before the first.

    With `hold` messages wait for a moderator. `muted` and `banned` are authors, and until when (Unix seconds). `door`
    counts how often it was made harder to be here: tickets of earlier doors are not taken.
    """

    is_open: bool = True
    slow: int = 0
    hold: bool = False
    newcomers: int = 0
    muted: dict[str, float] = field(default_factory=dict)
    banned: dict[str, float] = field(default_factory=dict)
    door: int = 0

    @classmethod
    def parse(cls, given: object) -> Control:
        """The control that the pages hand over as a JSON object; Malformed."""
        if not isinstance(given, dict):
            raise Malformed("a control is a JSON object")
        try:
            return cls(
                bool(given["open"]),
                _within(given["slow"], MOST_SECONDS),
                bool(given["hold"]),
                _within(given["newcomers"], MOST_MINUTES),
                _authors(given["muted"]),
                _authors(given["banned"]),
                int(given.get("door", 0)),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            raise Malformed("a control has open, slow, hold, newcomers, muted and banned") from fault

    @classmethod
    def read(cls, body: bytes) -> Control:
        """The control that was stored as `body`."""
        return cls.parse(json.loads(body))

    def body(self) -> bytes:
        """As it is sealed and stored."""
        return body_of({**self.rules(), "muted": self.muted, "banned": self.banned, "door": self.door})

    def rules(self) -> dict[str, object]:
        """What everybody in the room may know of it."""
        return {"open": self.is_open, "slow": self.slow, "hold": self.hold, "newcomers": self.newcomers}

    def told(self) -> bytes:
        """The entry that tells everybody in the room of it."""
        return body_of({"kind": "rules", **self.rules()})

    def check(self, author: str, now: float) -> None:
        """Refusal if the author is banned or muted at `now` (Unix seconds), or nobody may write."""
        if self.banned.get(author, 0.0) > now:
            raise Refusal("banned", "you were asked to leave this room")
        if self.muted.get(author, 0.0) > now:
            raise Refusal("muted", "a moderator has muted you for a while")
        if not self.is_open:
            raise Refusal("closed", "this room is closed for writing")


def _within(given: object, most: int) -> int:
    if type(given) is not int or not 0 <= given <= most:
        raise ValueError(f"not between 0 and {most}")
    return given


def _authors(given: dict[object, object]) -> dict[str, float]:
    return {str(author): float(until) for author, until in given.items()}  # type: ignore[arg-type]
