"""The front door is open to everybody."""

from __future__ import annotations

from tests.architecture.access import Route, everybody

ROUTES = [Route("robots", get=everybody(200))]
