"""What is written down about a request: the name of its route, its status, its duration. Nothing else."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from pathlib import Path

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

    def process_exception(self, request: HttpRequest, fault: Exception) -> None:  # noqa: ARG002 - Django's signature
        """Note the kind of a fault and the line it came from; its words may quote somebody and are left out."""
        place = traceback.extract_tb(fault.__traceback__)[-1]
        log.error("%s at %s:%s", type(fault).__name__, Path(place.filename).name, place.lineno)
