"""Days, spans of days, and strangers' texts, as pages of the programme write them."""

from __future__ import annotations

import html
import re
from datetime import date

from babel.dates import format_date, format_interval, format_skeleton
from django import template
from django.utils.html import linebreaks, strip_tags
from django.utils.safestring import SafeString, mark_safe

from tertulia.kit import languages

register = template.Library()
language_name = register.filter("language_name", languages.language_name)
_BREAK = re.compile(r"<\s*(/p|/h[1-6]|/div|/ul|/ol|/li|br)\b[^>]*>", re.IGNORECASE)
_MANY_BREAKS = re.compile(r"\n{3,}")


@register.filter
def days(first: date, last: date) -> str:
    """`16–24 November 2021` in the language of the page."""
    locale = languages.locale()
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
    shown = str(format_date(day, "full", locale=languages.locale()))
    return shown[:1].upper() + shown[1:]


@register.filter
def short_day(day: date) -> str:
    """`Tue 16` in the language of the page."""
    return str(format_skeleton("Ed", day, locale=languages.locale()))


@register.filter
def paragraphs(text: str) -> SafeString:
    """A stranger's text as paragraphs: markup is taken out, everything is escaped."""
    bare = html.unescape(strip_tags(_BREAK.sub("\n\n", text)))
    return mark_safe(linebreaks(_MANY_BREAKS.sub("\n\n", bare).strip(), autoescape=True))  # noqa: S308 - escaped
