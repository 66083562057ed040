"""What happened in the programme."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ScheduleImported:
    """A programme was read from a file into the event."""

    event_id: int
