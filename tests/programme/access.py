"""Who may do what at the addresses of the programme."""

from __future__ import annotations

from tests.architecture.access import Route, everybody
from tests.factories import make_event

ROUTES = [
    Route(
        "programme:join",
        address=lambda _owner: {"slug": make_event().slug},
        get=everybody(200),
        # Whoever is new is shown the way back in; whoever is signed in goes on to the event.
        post=everybody(302),
        sends={"chosen_name": "Wren", "kind": "words"},
    ),
]
