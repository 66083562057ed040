"""What a visitor may choose for the look of the pages, and where a choice may lead back to."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

from babel.core import get_global
from django.utils.http import url_has_allowed_host_and_scheme

MOVES = "on"
SCHEMES = ("light", "dark", "contrast")
CONTINENTS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


@cache
def zone_names() -> tuple[str, ...]:
    """The names of the time zones that a visitor may choose, in order: places by their names of today, UTC last."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    places = {line.split("\t")[2] for line in table.splitlines() if not line.startswith("#")}
    return (*sorted(name for name in places & available_timezones() if name.split("/")[0] in CONTINENTS), "UTC")


def zone_called(name: str) -> str:
    """The time zone that may be chosen under `name`, or under another name since; "" if there is none.

    A choice that a browser keeps under an older name goes on.
    """
    if name in zone_names():
        return name
    today: str = get_global("zone_aliases").get(name, "")
    return today if today in zone_names() else ""


def is_scheme(name: str) -> bool:
    """Whether `name` is a colour scheme that may be chosen."""
    return name in SCHEMES


def is_way_back(address: str) -> bool:
    """Whether `address` is a path of this site (with or without a query), so that one may be sent there."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
