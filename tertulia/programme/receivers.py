"""What the programme does when something happens to it."""

from __future__ import annotations

from tertulia.kit.facts import on_fact
from tertulia.programme.facts import EventClosed, ScheduleImported


def listen() -> None:
    """Whenever a programme was read, the pictures of its sessions go; when an event is closed, the counting ends."""
    on_fact(ScheduleImported, "programme.clear_cards", lambda fact: (fact.event_id,))
    on_fact(EventClosed, "programme.end_counting", lambda fact: (fact.event_id,))
