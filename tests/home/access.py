"""The front door, and what is known about people, are open to everybody."""

from __future__ import annotations

from tests.architecture.access import Route, everybody

ROUTES = [
    Route("robots", get=everybody(200)),
    Route("home:privacy", get=everybody(200)),
    Route("home:front_card", address=lambda _owner: {"name": "older"}, get=everybody(302), about="by an older name"),
]
