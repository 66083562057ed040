"""Where a request comes from, as far as anybody needs to know: this machine, or not."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest

FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


def is_from_this_machine(request: HttpRequest) -> bool:
    """Whether the request came over the loopback and nobody passed it on for somebody else."""
    if any(header in request.META for header in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
