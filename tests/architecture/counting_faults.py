"""One fault against each rule that keeps the raw totals where they are, and what the check has to say of it."""

from __future__ import annotations

from tests.architecture.faults import LAYERS, TESTS, Fault, importing

COUNTING_FAULTS = [
    Fault(
        "a page reads the raw totals",
        LAYERS,
        "tertulia/people/views/place.py",
        importing("from tertulia.people.counting import totals"),
        "tertulia.people.views.place -> tertulia.people.counting.totals",
    ),
    Fault(
        "a query leads to the raw totals through others",
        LAYERS,
        "tertulia/live/queries/room.py",
        importing("from tertulia.people import actions"),
        "tertulia.live.queries is not allowed to import tertulia.people.counting.totals",
    ),
    Fault(
        "the file of the raw totals is opened past its door",
        TESTS,
        "tertulia/programme/wagtail_hooks.py",
        "def planted(settings: Any) -> bytes:\n    return settings.COUNTING_FILE.read_bytes()",
        "tertulia/programme/wagtail_hooks.py: names the file of the raw totals",
    ),
    Fault(
        "an action hands a raw total on",
        TESTS,
        "tertulia/people/actions/counting.py",
        "def planted(scope: str) -> dict[str, dict[str, int]]:\n    return _totals().read(scope)",
        "planted answers dict[str, dict[str, int]]",
    ),
]
