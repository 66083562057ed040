"""Days, spans of days, and strangers' texts, as pages of the programme write them."""

from __future__ import annotations

import html
import re
from datetime import date

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from django import template
from django.utils.html import linebreaks, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()
_BREAK = re.compile(r"<\s*(/p|/h[1-6]|/div|/ul|/ol|/li|br)\b[^>]*>", re.IGNORECASE)
_MANY_BREAKS = re.compile(r"\n{3,}")
# The language without a region means its form in most of the world, with the day before the month.
_REGIONAL = {"en": "en_GB"}


@register.filter
def days(first: date, last: date) -> str:
    """`16–24 November 2021` in the language of the page."""
    locale = _locale()
    if first == last:
        return str(format_date(first, "long", locale=locale))
    shown = str(format_interval(first, last, "yMMMMd", locale=locale))
    # Some languages have no interval with the month in full: the short month is written out.
    for month in {first.month, last.month}:
        full, short = (locale.months["format"][width][month] for width in ("wide", "abbreviated"))
        shown = shown if full in shown else shown.replace(short, full)
    return shown


@register.filter
def long_day(day: date) -> str:
    """`Tuesday, 16 November 2021` in the language of the page, with a capital where there are any."""
    shown = str(format_date(day, "full", locale=_locale()))
    return shown[:1].upper() + shown[1:]


@register.filter
def short_day(day: date) -> str:
    """`Tue 16` in the language of the page."""
    return str(format_skeleton("Ed", day, locale=_locale()))


@register.filter
def paragraphs(text: str) -> SafeString:
    """A stranger's text as paragraphs: markup is taken out, everything is escaped."""
    bare = html.unescape(strip_tags(_BREAK.sub("\n\n", text)))
    return mark_safe(linebreaks(_MANY_BREAKS.sub("\n\n", bare).strip(), autoescape=True))  # noqa: S308 - escaped


@register.filter
def language_name(tag: str) -> str:
    """What a language is called in the language of the page; the tag if nobody knows."""
    names = {name.lower(): shown for name, shown in _locale().languages.items()}
    whole = tag.replace("-", "_").lower()
    return str(names.get(whole) or names.get(whole.split("_")[0]) or tag)


def _locale() -> Locale:
    tag = get_language() or "en"
    return Locale.parse(_REGIONAL.get(tag, tag.replace("-", "_")))
