"""What happened in the programme.

`by_id` is the account of staff that did it; None: the machine itself, or its operator.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ScheduleImported:
    """A programme was read from a file into the event."""

    event_id: int
    by_id: int | None = None


@dataclass(frozen=True)
class EventClosed:
    """An event was closed: nobody comes in or writes any more, and what is kept for some days begins to run out."""

    event_id: int
    by_id: int | None = None


@dataclass(frozen=True)
class CameIn:
    """An account came in to an event."""

    participation_id: int


@dataclass(frozen=True)
class Renamed:
    """Somebody goes by another name at an event."""

    participation_id: int


@dataclass(frozen=True)
class EventWorded:
    """What an event is called, or says of itself, was written in one language."""

    event_id: int
    by_id: int | None = None


@dataclass(frozen=True)
class SessionTranslated:
    """What a session says of itself was put into another language."""

    session_id: int
    by_id: int | None = None


@dataclass(frozen=True)
class ParticipationsForgotten:
    """Nobody knows any more who was in at an event under which name."""

    event_id: int
