"""What templates draw with: skies, dials, times, fields, and what others offer for a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tertulia.design import clock, sky
from tertulia.design.queries import place_of, regions_shown, style_sheet

register = template.Library()
LONG, ENDLESS = 42, 110  # letters of a headline
BRIEF = 60  # letters of a line beside one


@register.simple_tag
def styles() -> str:
    """The address of the style sheet."""
    return reverse("styles", args=[style_sheet().name])


@register.simple_tag
def organisation() -> str:
    """The organisation's name, for templates that have no request."""
    return str(settings.ORGANISATION)


@register.inclusion_tag("design/_stars.html")
def stars(seed: str, points: int = 9, width: int = 300, height: int = 170, fit: str = "slice") -> dict[str, Any]:
    """A constellation of `points` stars from `seed`, always the same for the same seed; it is an ornament.

    `fit`: "slice" fills its place and may be cut at the edges, "meet" is seen whole.
    """
    return {"drawn": sky.constellation(str(seed), points, width, height), "fit": fit}


@register.filter
def foreign(language: str) -> str:
    """The language tag of a text if it is not the page's own, for its `lang`; else nothing."""
    own = (get_language() or "en").split("-")[0]
    return "" if language.split("-", maxsplit=1)[0].lower() == own else language


@register.filter
def sky_of(seed: str) -> str:
    """The class of the sky that belongs to `seed` (an event's key): the hour of its dusk, one of six."""
    return f"sky-{sky.dusk(str(seed))}"


@register.simple_tag
def sized(headline: str) -> SafeString:
    """The attribute that makes room for a headline of many letters; nothing for one of usual length."""
    size = "endless" if len(headline) > ENDLESS else "long" if len(headline) > LONG else ""
    return format_html(' class="{}"', size) if size else SafeString("")


@register.simple_tag
def brief(*words: str | Sequence[str] | None) -> SafeString:
    """The attributes of a line beside a title, made of `words` (or lists of them), that gives way to it if it is long.

    It is cut with a "…" after a few lines, and its `title` has the whole; a line of usual length needs nothing.
    """
    parts = [part for word in words for part in ([word] if isinstance(word, str) else word or ()) if part]
    whole = format_html_join(" · ", "{}", ((part,) for part in parts))
    return format_html(' data-brief title="{}"', whole) if len(whole) > BRIEF else SafeString("")


@register.inclusion_tag("design/_avatar.html")
def avatar(name: str, seed: str = "") -> dict[str, Any]:
    """A small round sky for `name`; `seed` (an event's key) makes it another one elsewhere."""
    full = f"{seed}:{name}"
    return {"drawn": sky.constellation(full, 4, 40, 40), "hue": sky.hue(full)}


@register.inclusion_tag("design/_cover.html")
def cover(title: str, seed: str = "", kind: str = "", language: str = "") -> dict[str, Any]:
    """A cover without a designer: the sky of `title` over its `kind` and the title; a track's class colours it.

    `language` is the tag of the title's language, if it may be another than the page's.
    """
    drawn = sky.constellation(f"{seed}:{title}", 6, 300, 120)
    return {"drawn": drawn, "title": title, "kind": kind, "fit": "meet"} | {"language": language and foreign(language)}


@register.inclusion_tag("design/_dial.html")
def dial(moment: datetime | None = None, size: int = 112) -> dict[str, Any]:
    """The planisphere at an aware `moment` (default: now), `size` pixels wide; put `good_hour` beside it."""
    return {"dial": clock.dial(clock.utc_hour(moment or timezone.now()), size)}


@register.inclusion_tag("design/_rings.html")
def rings() -> dict[str, Any]:
    """Which ring of the dial is whose, from the outside in."""
    return {"regions": clock.REGIONS}


@register.simple_tag
def good_hour(moment: datetime | None = None) -> str:
    """The dial in words: for whom an aware `moment` (default: now) is a good hour."""
    return clock.good_hour(moment or timezone.now())


@register.inclusion_tag("design/_two_times.html", takes_context=True)
def two_times(context: dict[str, Any], start: datetime, end: datetime | None, zone: str) -> dict[str, Any]:
    """Aware `start` and `end` on the clock of `zone` (a name such as Europe/Lisbon) and on the visitor's own."""
    theirs, chosen = ZoneInfo(zone), getattr(context.get("request"), "zone", None)
    language = context.get("LANGUAGE_CODE") or "en"
    return {
        "start": start.astimezone(UTC),
        "theirs": _span(start, end, theirs),
        "place": place_of(zone, language),
        "day": f"{start.astimezone(theirs):%Y-%m-%d}",
        "chosen": chosen,
        "yours": _yours(start, theirs, chosen) if chosen else "",
    }


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """A form's field with label, hint and error beside it; what was typed is kept."""
    base = bound.auto_id or bound.html_name
    described = [f"{base}-{what}" for what in ("hint", "error") if _has(bound, what)]
    kind = _kind(bound)
    attributes: dict[str, Any] = {"aria-invalid": "true"} if bound.errors else {}
    # A group is described by its fieldset.
    if described and kind != "group":
        attributes["aria-describedby"] = " ".join(described)
    shown = {
        "bound": bound,
        "widget": bound.as_widget(attrs=attributes),
        "kind": kind,
        "base": base,
        "described": described,
    }
    return render_to_string("design/_field.html", shown)


@register.simple_tag(takes_context=True)
def regions(context: dict[str, Any], page: str, subject: Any = None) -> SafeString:
    """What other parts of the site offer for `page` about `subject`, one after the other."""
    return regions_shown(page, subject, context.get("request"))


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "group"
    return "choice" if isinstance(widget, CheckboxInput) else "plain"


def _has(bound: BoundField, what: str) -> bool:
    return bool(bound.help_text if what == "hint" else bound.errors)


def _span(start: datetime, end: datetime | None, zone: ZoneInfo) -> str:
    first = f"{start.astimezone(zone):%H:%M}"
    return f"{first}–{end.astimezone(zone):%H:%M}" if end else first


def _yours(start: datetime, theirs: ZoneInfo, yours: ZoneInfo) -> str:
    """The visitor's hour; with the weekday, if it is another day for them."""
    here = start.astimezone(yours)
    same_day = here.date() == start.astimezone(theirs).date()
    return date_format(here, "H:i" if same_day else "D H:i")
