"""Who asks, and over what: what a server in front of this one is believed, and what counts as https."""

from __future__ import annotations

import ipaddress
from collections.abc import MutableMapping
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port

Scope = MutableMapping[str, Any]


def seen_through(scope: Scope) -> Scope:
    """The request with the visitor's address and scheme.

    With TERTULIA_BEHIND_PROXY the last X-Forwarded-For and X-Forwarded-Proto count, if they come from this machine;
    else they are passed over. Where nobody who is believed says how it came, what is asked of the public address
    counts as https if that says https.
    """
    seen = {**scope}
    said = ""
    if settings.BEHIND_PROXY and _is_loopback(scope):
        if (address := _last(scope, b"x-forwarded-for")) and _is_address(address):
            seen["client"] = (address, 0)
        said = _last(scope, b"x-forwarded-proto")
    if said in {"http", "https"}:
        seen["scheme"] = said
    elif settings.SECURE and _is_public(scope):
        seen["scheme"] = "https"
    return seen


def secure_address(seen: Scope) -> bytes:
    """Where the same page is to be had over https, for what came in clear to a public address that says https.

    Empty for everything else: what is asked of this machine by its own name (a health check) stays as it is.
    """
    if not settings.SECURE or seen["scheme"] == "https" or not _is_public(seen):
        return b""
    query = b"?" + seen["query_string"] if seen["query_string"] else b""
    address: bytes = settings.ADDRESS.encode() + seen["raw_path"] + query
    return address


def _is_public(scope: Scope) -> bool:
    return bool(split_domain_port(_last(scope, b"host"))[0] == settings.HOST)


def _last(scope: Scope, name: bytes) -> str:
    """The last entry of a header, the one that the server in front wrote; empty if there is none."""
    found: list[bytes] = [value for header, value in scope["headers"] if header == name]
    return found[-1].decode("latin-1").rpartition(",")[2].strip() if found else ""


def _is_loopback(scope: Scope) -> bool:
    client = scope.get("client")
    return bool(client and _is_address(client[0]) and ipaddress.ip_address(client[0]).is_loopback)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
