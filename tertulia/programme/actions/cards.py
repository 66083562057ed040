"""Clears away what was drawn of sessions that are no longer on."""

from __future__ import annotations

from tertulia.design.pictures import forget
from tertulia.programme.models import Session


def clear_cards(event_id: int) -> None:
    """Remove the pictures of the event's withdrawn sessions; `event_id` is its key. Refuses nobody."""
    withdrawn = Session.objects.filter(event_id=event_id, state=Session.State.WITHDRAWN)
    for key in withdrawn.values_list("pk", flat=True):
        forget(f"session-{key}")
