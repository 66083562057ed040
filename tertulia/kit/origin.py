"""Where a request comes from, as far as anybody needs to know: this machine, a page of ours, or not."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.middleware.csrf import CsrfViewMiddleware

FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


def is_from_this_machine(request: HttpRequest) -> bool:
    """Whether the request came over the loopback, nobody passed it on, and it was asked of this machine as such.

    A server in front that says nothing of itself is told by the name that was asked for, and by the page on which
    the form stood: a public one is not this machine.
    """
    if any(header in request.META for header in FORWARDED):
        return False
    names = [split_domain_port(request.META.get("HTTP_HOST", ""))[0]]
    if "HTTP_ORIGIN" in request.META:
        names.append(_host_of(request.META["HTTP_ORIGIN"]))
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and all(
        name == "localhost" or _is_loopback(name.strip("[]")) for name in names
    )


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:
        return ""


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def is_from_a_page_of_ours(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent the request, or says nothing about it."""
    return request.headers.get("Origin") in (None, settings.ADDRESS, f"{request.scheme}://{request.get_host()}")


def why_refused(request: HttpRequest) -> str:
    """Why Django's check against forged forms refuses the request; empty if it does not. For a view that is exempt."""
    return str(_Check(_view).process_view(request, _view, (), {}) or "")


def _view(_request: HttpRequest) -> HttpResponse:
    """A view that is not exempt, for the check to ask."""
    return HttpResponse()


class _Check(CsrfViewMiddleware):
    """Django's check, which gives its reason instead of a page."""

    def _reject(self, _request: HttpRequest, reason: str) -> str:
        return reason
