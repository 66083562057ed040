"""Work of rooms that is put off."""

from __future__ import annotations

import contextlib

from tertulia.kit.tasks import task
from tertulia.live import actions
from tertulia.live.relay.writer import NotStored
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


@task("live.carry_out")
def carry_out(room_id: int) -> None:
    """Hand the relay the control of a room; where it cannot be reached this is tried again."""
    actions.carry_out(room_id)


@task("live.look_after_control", every_minutes=1)
def look_after_control() -> None:
    """End the restrictions whose time is over, and hand the relay what it has not got of the control of rooms."""
    actions.end_restrictions()
    # A relay that is not there is asked again in a minute.
    with contextlib.suppress(NotStored):
        actions.carry_out_what_waits()
