"""What the programme does when something happens to it."""

from __future__ import annotations

from tertulia.kit.facts import on_fact
from tertulia.programme.facts import ScheduleImported


def listen() -> None:
    """Whenever a programme was read, the pictures of its sessions go, which may have changed."""
    on_fact(ScheduleImported, "programme.clear_cards", lambda fact: (fact.event_id,))
