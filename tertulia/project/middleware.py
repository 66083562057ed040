"""What is written down about a request: the name of its route, its status, its duration. Nothing else."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

log = logging.getLogger("tertulia.pages")


class RouteLog:
    """One line per page, without address, path, query, agent or account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on and note how it went."""
        started = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.view_name if request.resolver_match else "-"
        took = (time.perf_counter() - started) * 1000
        log.info("%s %s %d %.0f ms", request.method, route or "-", response.status_code, took)
        return response
