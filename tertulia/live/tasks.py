"""Work of rooms that is put off."""

from __future__ import annotations

from tertulia.kit.tasks import task
from tertulia.live.actions import open_rooms
from tertulia.programme.models import Event


@task("live.open_rooms")
def open_rooms_of(event_id: int) -> None:
    """Open the rooms that an event lacks; an event that is gone needs none."""
    event = Event.objects.filter(pk=event_id).first()
    if event:
        open_rooms(event)
