"""Work of rooms that is put off."""

from __future__ import annotations

from tertulia.kit.tasks import task
from tertulia.live import actions
from tertulia.programme.models import Event


@task("live.open_rooms")
def open_rooms_of(event_id: int) -> None:
    """Open the rooms that an event lacks; an event that is gone needs none."""
    event = Event.objects.filter(pk=event_id).first()
    if event:
        actions.open_rooms(event)


@task("live.erase_what_is_over", every_minutes=60)
def erase_what_is_over() -> None:
    """Erase the talk of events whose days of keeping are over."""
    actions.erase_what_is_over()
