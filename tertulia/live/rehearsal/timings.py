"""Times that are counted, not kept: however many there are, they take no more room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

TENTHS = 10_000  # of a millisecond, in a second


@dataclass(slots=True)
class Timings:
    """How many took so many tenths of a millisecond."""

    counts: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Timings:
        """What another process has counted, as it came out of JSON."""
        return cls({int(tenths): count for tenths, count in counts.items()})

    def add(self, seconds: float) -> None:
        """One more took so many `seconds`; a clock that went back counts as none."""
        tenths = max(0, int(seconds * TENTHS))
        self.counts[tenths] = self.counts.get(tenths, 0) + 1

    def take(self, other: Timings) -> None:
        """Count those of `other` as well."""
        for tenths, count in other.counts.items():
            self.counts[tenths] = self.counts.get(tenths, 0) + count

    @property
    def total(self) -> int:
        """How many have been counted."""
        return sum(self.counts.values())

    def percentile(self, share: float) -> float:
        """The milliseconds below which `share` (0 to 1) of the times lie, nearest rank; 0.0 without times."""
        rank = min(self.total - 1, int(share * self.total))
        for tenths in sorted(self.counts):
            rank -= self.counts[tenths]
            if rank < 0:
                return tenths / 10
        return 0.0


def together(several: Iterable[Timings]) -> Timings:
    """All of them as one."""
    whole = Timings()
    for one in several:
        whole.take(one)
    return whole
