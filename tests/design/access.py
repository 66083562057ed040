"""The look is the same for everybody."""

from __future__ import annotations

from tests.architecture.access import Route, everybody

ROUTES = [
    Route("design:preferences", get=everybody(200), post=everybody(302), sends={"scheme": "dark", "next": "/"}),
    Route("design:gallery", get=everybody(404), about="which is open in development only"),
    Route("design:offline", get=everybody(200)),
    Route("design:manifest", get=everybody(200)),
    Route("away_worker", get=everybody(200)),
    Route("favicon", get=everybody(301)),
    Route("icon", address=lambda _owner: {"kind": "192"}, get=everybody(200)),
    Route("styles", address=lambda _owner: {"name": "newest"}, get=everybody(200)),
]
