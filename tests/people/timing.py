"""How long answers take, compared: what is told by nothing else must not be told by a clock."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def quick_times(asked: Mapping[str, Callable[[int], object]], tries: int) -> dict[str, float]:
    """The limit of the quickest tenth of each kind of question, in seconds, over so many `tries`, all in turn.

    What makes the machine slow for a while falls on some of them; the quickest tenth of each kind it leaves alone.
    """
    took: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(tries):
        for name, ask in asked.items():
            began = time.perf_counter()
            ask(number)
            took[name].append(time.perf_counter() - began)
    return {name: statistics.quantiles(times, n=10)[0] for name, times in took.items()}


def ratio(asked: Mapping[str, Callable[[int], object]], tries: int) -> float:
    """How much longer the slowest kind takes than the quickest, by these times; 1 if none is told from another."""
    found = quick_times(asked, tries)
    return max(found.values()) / min(found.values())
