"""Clears away what was drawn of an event: it is drawn anew for whoever asks."""

from __future__ import annotations

from tertulia.design.pictures import forget
from tertulia.programme.models import Session


def clear_cards(event_id: int) -> None:
    """Remove the pictures of the event and of all its sessions, withdrawn or changed; `event_id` is its key.

    Refuses nobody.
    """
    forget(f"event-{event_id}")
    for key in Session.objects.filter(event_id=event_id).values_list("pk", flat=True):
        forget(f"session-{key}")
