"""What a visitor may choose for the look of the pages, and where a choice may lead back to."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from django.utils.http import url_has_allowed_host_and_scheme

MOVES = "on"
SCHEMES = ("light", "dark", "contrast")
CONTINENTS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def zone_names() -> tuple[str, ...]:
    """The names of the time zones that a visitor may choose, in order: places, and UTC last."""
    places = (name for name in available_timezones() if name.split("/")[0] in CONTINENTS and "/" in name)
    return (*sorted(places), "UTC")


def is_zone(name: str) -> bool:
    """Whether `name` is a time zone that may be chosen."""
    return name in zone_names()


def is_scheme(name: str) -> bool:
    """Whether `name` is a colour scheme that may be chosen."""
    return name in SCHEMES


def is_way_back(address: str) -> bool:
    """Whether `address` is a path of this site (with or without a query), so that one may be sent there."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
