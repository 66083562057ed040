"""Flood protection: how much one author may say in a breath."""

from __future__ import annotations

import time

BURST = 12
PER_SECOND = 1.0
_FORGET_AT = 20_000


class Flood:
    """A bucket per author that fills by `PER_SECOND` up to `BURST`; kept in memory, forgotten when full."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, float]] = {}
        self._forget_at = _FORGET_AT

    def wait(self, author: str) -> float:
        """0.0 if `author` may speak now (and is charged for it), else the seconds until then."""
        now = time.monotonic()
        left, then = self._buckets.get(author, (float(BURST), now))
        left = min(float(BURST), left + (now - then) * PER_SECOND)
        if left < 1:
            return (1 - left) / PER_SECOND
        self._buckets[author] = (left - 1, now)
        if len(self._buckets) > self._forget_at:
            self._forget(now)
        return 0.0

    def _forget(self, now: float) -> None:
        full = [a for a, (left, then) in self._buckets.items() if left + (now - then) * PER_SECOND >= BURST]
        for author in full:
            del self._buckets[author]
        self._forget_at = max(_FORGET_AT, 2 * len(self._buckets))
