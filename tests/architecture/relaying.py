"""The words in which it is declared who may ask what of the relay, which answers without Django: RELAY in access.py.

    RELAY = [RelayRoute("/stream/", "GET", {"to speak": 200, "none": 401})]

`place` and `method` are those of the relay's own tables, `answers` says the status for each ticket of
`tests/live/tickets.py`; without tickets, `status` is what everybody gets. What no row names is refused with 404 or 405.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RelayRoute:
    """What the relay answers at a place, by a method: to each ticket, or to everybody."""

    place: str
    method: str
    answers: Mapping[str, int] = field(default_factory=dict)
    status: int = 0
