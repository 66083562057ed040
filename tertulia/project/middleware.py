"""What is done around every answer: sums for the log that tell of nobody, and packing."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from tertulia.kit.erasures import Untrusted
from tertulia.kit.sealing import LostKey
from tertulia.project.hours import Hours

log = logging.getLogger("tertulia.pages")
ANSWERED = Hours(log.info)
# Asked every few seconds by machines: they would bury the others.
ASKED_BY_MACHINES = {"healthz", "readyz"}
# Parts of a query that say how a page is shown: whoever chooses among these few puts no words of theirs into it.
WAYS_TO_READ = {"text", "text=", "type=2", "type=3"}


class RouteLog:
    """How often each page was answered, once an hour, without address, path, query, agent or account.

    What went wrong has a line at once, and so has everything while a developer looks (TERTULIA_DEBUG).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on and note how it went."""
        started = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.view_name if request.resolver_match else "-"
        took = (time.perf_counter() - started) * 1000
        if route not in ASKED_BY_MACHINES:
            _note(f"{request.method} {route or '-'} {response.status_code}", response.status_code, took)
        return response

    def process_exception(self, request: HttpRequest, fault: Exception) -> None:  # noqa: ARG002 - Django's signature
        """Note the kind of a fault and the line it came from; its words may quote somebody and are left out."""
        place = traceback.extract_tb(fault.__traceback__)[-1]
        log.error("%s at %s:%s", type(fault).__name__, Path(place.filename).name, place.lineno)


def _note(what: str, status: int, took: float) -> None:
    if settings.DEBUG or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.info("%s %.0f ms", what, took)
    else:
        ANSWERED.add(what, took)


class Unlisted:
    """Answers where something should be erased or left out, and the key for that is lost: nothing was changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """A page that says so; its transaction was rolled back."""
        if not isinstance(fault, (Untrusted, LostKey)):
            return None
        log.error("nothing can be erased: %s", fault)
        response = render(request, "home/not_now.html", status=503)
        add_never_cache_headers(response)
        return response


class Packing(GZipMiddleware):
    """Packs pages, unless one could be made to give away by its length what it holds; docs/decisions/ says why."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The response, packed if the browser takes that."""
        if _says_two_things(request):
            patch_vary_headers(response, ("Accept-Encoding",))
            return response
        packed: HttpResponseBase = super().process_response(request, response)
        return packed


def _says_two_things(request: HttpRequest) -> bool:
    """Whether the page may hold both what is somebody's own and what a stranger put into the address or the form."""
    is_somebodys = settings.SESSION_COOKIE_NAME in request.COOKIES
    asked = request.META.get("QUERY_STRING", "")
    is_asked_in_our_words = not asked or set(asked.split("&")) <= WAYS_TO_READ
    return is_somebodys and not (is_asked_in_our_words and request.method in {"GET", "HEAD"})
