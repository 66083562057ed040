"""What is measured while people come in or talk, and how slow the rehearsal itself was meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tertulia.live.rehearsal.timings import Timings, together


@dataclass
class Measures:
    """Of one stretch of time and one process, or of several: `processor` is the greatest share of a processor.

    `lag` is how late the process was at what it wanted to do at a certain moment.
    """

    joins: Timings = field(default_factory=Timings)
    deliveries: Timings = field(default_factory=Timings)
    pages: dict[str, Timings] = field(default_factory=dict)
    lag: Timings = field(default_factory=Timings)
    processor: float = 0.0
    worked: int = 0
    waited: int = 0

    def page(self, kind: str, seconds: float) -> None:
        """A page of this kind was there after so many seconds."""
        self.pages.setdefault(kind, Timings()).add(seconds)

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "joins": self.joins.counts,
            "deliveries": self.deliveries.counts,
            "pages": {kind: times.counts for kind, times in self.pages.items()},
            "lag": self.lag.counts,
            "processor": self.processor,
            "worked": self.worked,
            "waited": self.waited,
        }

    @classmethod
    def heard(cls, told: dict[str, Any]) -> Measures:
        """What `told` gave, on the other side."""
        pages = {kind: Timings.of(counts) for kind, counts in told["pages"].items()}
        times = {name: Timings.of(told[name]) for name in ("joins", "deliveries", "lag")}
        return cls(pages=pages, processor=told["processor"], worked=told["worked"], waited=told["waited"], **times)


def joined(several: Iterable[Measures]) -> Measures:
    """Those of all processes, or of all stretches, as one."""
    parts = list(several)
    kinds = dict.fromkeys(kind for one in parts for kind in one.pages)
    return Measures(
        joins=together(one.joins for one in parts),
        deliveries=together(one.deliveries for one in parts),
        pages={kind: together(one.pages[kind] for one in parts if kind in one.pages) for kind in kinds},
        lag=together(one.lag for one in parts),
        processor=max((one.processor for one in parts), default=0.0),
        worked=sum(one.worked for one in parts),
        waited=sum(one.waited for one in parts),
    )
