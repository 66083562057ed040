"""What the relay answers without Django is declared like every other address."""

from __future__ import annotations

from tertulia.live.relay.connection import SERVED, TOLD
from tests.architecture.house import report
from tests.architecture.routes import declared


def test_everything_that_the_relay_answers_says_who_may_ask() -> None:
    served, rows = SERVED.keys() | TOLD.keys(), [(route.place, route.method) for route in declared("RELAY")]
    faults = [f"{method} {place}: the relay answers, and no row says whom" for place, method in served - set(rows)]
    faults += [f"{method} {place}: the relay does not answer this" for place, method in set(rows) - served]
    faults += [f"{method} {place}: stands twice" for place, method in rows if rows.count((place, method)) > 1]
    report(
        faults,
        "a place of the relay that nobody has thought about is open to everybody",
        'RelayRoute("/stream/", "GET", {"none": 401, "to speak": 200, …}) under RELAY in tests/live/access.py',
    )
