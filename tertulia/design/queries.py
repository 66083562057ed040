"""What stands around every page, and the style sheet of all of them."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse, translate_url
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info, get_supported_language_variant, gettext
from django.utils.translation.trans_real import parse_accept_lang_header

from tertulia.design.palette import colours
from tertulia.design.rules import MOVES, zone_names
from tertulia.kit.registry import NavigationEntry, navigation, regions_of
from tertulia.kit.zones import fixed_offset

STYLES = Path(__file__).parent / "static" / "design" / "css"


@dataclass(frozen=True)
class Link:
    """A way to somewhere: what it is called, its address, its language (for `lang`), and whether one is there."""

    label: str
    address: str
    language: str
    current: bool


class Frame:
    """What the base template asks for; each answer is worked out when a template first asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.organisation: str = settings.ORGANISATION
        self.app_name: str = settings.APP_NAME
        self.base: str = settings.ADDRESS
        self.leave_address: str = settings.LEAVE_ADDRESS
        self.scheme: str = getattr(request, "colour_scheme", "")
        self.has_motion: bool = request.COOKIES.get("motion") == MOVES
        self.zone: ZoneInfo | None = getattr(request, "zone", None)

    @property
    def here(self) -> str:
        """The address of this page, to come back to; after a form was sent, without what was sent."""
        return self.request.get_full_path()

    @property
    def front(self) -> str:
        """The front page in the language of this one."""
        return reverse("wagtail_serve", args=[""])

    @property
    def zone_place(self) -> str:
        """The chosen zone's city in the language of the page; "" if none was chosen."""
        return place_of(self.zone.key, get_language() or "en") if self.zone else ""

    @property
    def navigation(self) -> list[Link]:
        """The ways into the parts of the site that stand at the head of a page, in their order."""
        return [self._way(entry) for entry in self._entries if not entry.at_foot_only]

    @property
    def foot(self) -> list[Link]:
        """All ways into the parts of the site, in their order."""
        return [self._way(entry) for entry in self._entries]

    @cached_property
    def _entries(self) -> list[NavigationEntry]:
        return sorted(navigation, key=lambda entry: entry.order)

    def _way(self, entry: NavigationEntry) -> Link:
        address = reverse(entry.url_name)
        return Link(str(entry.label), address, "", self.request.path.startswith(address))

    @cached_property
    def languages(self) -> list[Link]:
        """The page in each language of the interface, called by the language's own name."""
        return [self._in_language(code, self.here) for code, _name in settings.LANGUAGES]

    @cached_property
    def alternates(self) -> list[Link]:
        """The page in each language, the first one first, by its path alone."""
        return [self._in_language(code, self.request.path) for code, _name in settings.LANGUAGES]

    @property
    def theme(self) -> list[tuple[str, str]]:
        """The colour of the header, for what a device draws around the page: [(media query, colour)]."""
        if self.scheme:
            return [("", colours(self.scheme)["night"])]
        return [(f"(prefers-color-scheme: {scheme})", colours(scheme)["night"]) for scheme in ("light", "dark")]

    @property
    def language(self) -> Link:
        """The language of this page."""
        return next((link for link in self.languages if link.current), self.languages[0])

    @cached_property
    def offered(self) -> Link | None:
        """The page in the language that the browser asks for, for who enters at an address that says none."""
        if get_language() != settings.LANGUAGE_CODE or self.request.headers.get("Sec-Fetch-Site") == "same-origin":
            return None
        asked = next(_supported(self.request.headers.get("Accept-Language", "")), settings.LANGUAGE_CODE)
        return self._in_language(asked, self.here) if asked != settings.LANGUAGE_CODE else None

    def _in_language(self, code: str, address: str) -> Link:
        name = str(get_language_info(code)["name_local"])
        return Link(name[:1].upper() + name[1:], translate_url(address, code), code, code == get_language())


def languages_read(request: HttpRequest) -> list[str]:
    """The tags of the languages that a visitor reads: that of the page, then those the browser names, dearest first."""
    asked = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    return list(dict.fromkeys([get_language() or settings.LANGUAGE_CODE, *(tag for tag, _weight in asked)]))


def _supported(header: str) -> Iterator[str]:
    """Those languages of the interface that an Accept-Language `header` names, the dearest first."""
    for language, _weight in parse_accept_lang_header(header.lower()):
        try:
            yield get_supported_language_variant(language)
        except LookupError:
            continue


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of every page: `frame`."""
    return {"frame": Frame(request)}


def regions_shown(page: str, subject: object, request: HttpRequest | None) -> SafeString:
    """What other parts of the site offer for `page` about `subject`, one after the other; "" if nothing."""
    answers = ((region, region.context(subject, request)) for region in regions_of(page))
    parts = [render_to_string(region.template, given, request) for region, given in answers if given is not None]
    return mark_safe("\n".join(parts))  # noqa: S308 - each part is a rendered template


@cache
def place_of(zone: str, language: str) -> str:
    """The city by which a time zone is called, in `language` (a code); one without a place is called `UTC+1`."""
    return fixed_offset(zone) or str(get_timezone_location(zone, locale=language, return_city=True))


@cache
def zones_by_continent(language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """All zones that may be chosen as (continent, [(zone, city)]), named in `language` and in its order of letters."""
    continents: dict[str, list[tuple[str, str]]] = {}
    for zone in zone_names():
        # One town stands for the Arctic, and it is a town of Europe.
        continent = zone.split("/")[0].replace("Arctic", "Europe")
        continents.setdefault(continent, []).append((zone, place_of(zone, language)))
    named = {
        "Africa": gettext("Africa"),
        "America": gettext("The Americas"),
        "Antarctica": gettext("Antarctica"),
        "Asia": gettext("Asia"),
        "Atlantic": gettext("Atlantic Ocean"),
        "Australia": gettext("Australia"),
        "Europe": gettext("Europe"),
        "Indian": gettext("Indian Ocean"),
        "Pacific": gettext("Pacific Ocean"),
        "UTC": gettext("World time"),
    }
    return [(named[name], sorted(zones, key=lambda zone: zone[1])) for name, zones in continents.items()]


@dataclass(frozen=True)
class StyleSheet:
    """The style sheet: its text, the same packed with gzip, and a name that changes with it."""

    text: bytes
    packed: bytes
    name: str


def style_sheet() -> StyleSheet:
    """All component styles as one; in development read anew each time."""
    return _read_styles() if settings.DEBUG else _kept_styles()


@cache
def _kept_styles() -> StyleSheet:
    return _read_styles()


def _read_styles() -> StyleSheet:
    text = b"".join(part.read_bytes() for part in sorted(STYLES.glob("*.css")))
    return StyleSheet(text, gzip.compress(text, mtime=0), hashlib.sha256(text).hexdigest()[:12])
