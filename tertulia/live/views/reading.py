"""How somebody reads a room: from where, with pictures or without, in which size of type."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from tertulia.live.models import Room
from tertulia.live.queries import Talk, latest_talk, talk_around

# So many messages the page brings; fewer where every byte is waited for, and where one only pages back.
PRESENT, IN_TEXT_MODE, PAST = 60, 20, 40
# Usual, larger, largest.
STEPS = 3
MOST_DIGITS = 15


@dataclass(frozen=True)
class Reading:
    """What the address asks for; whatever in it means nothing is let be."""

    is_text: bool = False
    step: int = 1
    before: int | None = None
    around: int | None = None

    @classmethod
    def asked(cls, request: HttpRequest) -> Reading:
        """As the address has it: `?text`, `?type=2`, `?before=` or `?around=` the number of a message."""
        asked = request.GET
        step = _number(asked.get("type", "")) or 1
        before, around = (_number(asked.get(name, "")) for name in ("before", "around"))
        return cls("text" in asked, min(step, STEPS), before, around)

    @property
    def next_step(self) -> int | None:
        """The next size of type; None for the usual one."""
        return self.step + 1 if self.step < STEPS else None

    def talk(self, room: Room) -> Talk:
        """What is shown of the room."""
        most = IN_TEXT_MODE if self.is_text else PRESENT
        if self.around:
            return talk_around(room, self.around, most)
        return latest_talk(room, min(most, PAST), before=self.before) if self.before else latest_talk(room, most)

    def kept(self, *, is_held: bool = False) -> str:
        """What of it goes on to the next page, as a query; "" if nothing does. `is_held`: what was said waits."""
        parts = [word for word, stands in (("text", self.is_text), ("held", is_held)) if stands]
        parts += [f"type={self.step}"] if self.step > 1 else []
        return "?" + "&".join(parts) if parts else ""


def _number(text: str) -> int | None:
    return int(text) or None if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
