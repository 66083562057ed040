"""The front door, and what is known about people, are open to everybody."""

from __future__ import annotations

from tests.architecture.access import Route, everybody

ROUTES = [
    Route("robots", get=everybody(200)),
    Route("home:privacy", get=everybody(200)),
]
