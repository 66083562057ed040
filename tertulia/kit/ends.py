"""Moments at which something ends, rounded up: they say roughly when it began, and not exactly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def next_full(unit: timedelta, moment: datetime) -> datetime:
    """The first full minute, hour or day (`unit`) of UTC that is later than the `moment`."""
    seconds = unit.total_seconds()
    return datetime.fromtimestamp((moment.timestamp() // seconds + 1) * seconds, UTC)
