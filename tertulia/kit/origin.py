"""Where a request comes from, as far as anybody needs to know: this machine, or not."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.http.request import split_domain_port

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
