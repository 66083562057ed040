"""What rooms do when something happens elsewhere."""

from __future__ import annotations

from tertulia.kit.facts import on_fact
from tertulia.programme.facts import ScheduleImported


def listen() -> None:
    """Whenever a programme was read, its rooms are opened."""
    on_fact(ScheduleImported, "live.open_rooms", lambda fact: (fact.event_id,))
