"""How long answers take, compared: what is told by nothing else must not be told by a clock."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def medians(asked: Mapping[str, Callable[[int], object]], tries: int) -> dict[str, float]:
    """The median time of each kind of question, in seconds, over so many `tries`, all kinds in turn.

    What makes the machine slow for a while makes all of them slow.
    """
    took: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(tries):
        for name, ask in asked.items():
            began = time.perf_counter()
            ask(number)
            took[name].append(time.perf_counter() - began)
    return {name: statistics.median(times) for name, times in took.items()}


def ratio(asked: Mapping[str, Callable[[int], object]], tries: int) -> float:
    """How much longer the slowest kind takes than the quickest, by their medians; 1 if none is told from another."""
    found = medians(asked, tries)
    return max(found.values()) / min(found.values())
