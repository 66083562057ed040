"""How what was said is written on a page."""

from __future__ import annotations

import json
from collections.abc import Callable

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from tertulia.kit import languages
from tertulia.live.formats.links import Link
from tertulia.live.formats.words import Part, parts_of

register = template.Library()
# So many characters of a message stand where it is quoted.
QUOTED = 80
# A number of each form: what is one in any language is so of 1, and so on.
SAMPLES = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}
COUNTED: dict[str, Callable[[int], str]] = {
    "here": lambda n: ngettext("About %(n)d person is here.", "About %(n)d people are here.", n) % {"n": n},
    "new": lambda n: ngettext("%(n)d new message", "%(n)d new messages", n) % {"n": n},
    "ahead": lambda n: ngettext("To the present (%(n)d new)", "To the present (%(n)d new)", n) % {"n": n},
    "slow": lambda n: (
        ngettext(
            "Slow mode: everybody writes once in %(n)d second.", "Slow mode: everybody writes once in %(n)d seconds.", n
        )
        % {"n": n}
    ),
    "wait": lambda n: (
        ngettext("You can write again in %(n)d second.", "You can write again in %(n)d seconds.", n) % {"n": n}
    ),
    "first": lambda n: (
        ngettext(
            "Who has just come listens first, for %(n)d minute.",
            "Who has just come listens first, for %(n)d minutes.",
            n,
        )
        % {"n": n}
    ),
}


@register.filter
def spoken(text: str) -> SafeString:
    """What somebody wrote, with emphasis and links; everything else is escaped."""
    return _inside(parts_of(text))


def _inside(part: Part) -> SafeString:
    return mark_safe("".join(map(_shown, part.inside)))  # noqa: S308 - each of them is escaped


def _shown(one: Part | Link | str) -> str:
    if isinstance(one, str):
        return conditional_escape(one)
    if isinstance(one, Link):
        return format_html(
            '<a href="{}" rel="nofollow noopener noreferrer ugc" dir="ltr">{}</a>', one.address, one.shown
        )
    return format_html("<{0}>{1}</{0}>", one.kind.value, _inside(one))


@register.filter
def gist(text: str) -> str:
    """How what somebody wrote begins, without emphasis and links, for a line that quotes it."""
    words = _plain(parts_of(text)).strip()
    return words if len(words) <= QUOTED else f"{words[: QUOTED - 1]}…"


def _plain(one: Part | Link | str) -> str:
    if isinstance(one, str):
        return one
    return one.shown if isinstance(one, Link) else "".join(map(_plain, one.inside))


@register.filter
def sentence(number: int, what: str) -> str:
    """The sentence that `what` names, with its number."""
    return COUNTED[what](number)


@register.simple_tag
def counted(what: str) -> str:
    """A sentence with a number for a script to put in, as JSON: by the forms of plural that the language has.

    `what` names the sentence; the forms are called as browsers call them (CLDR), and "{}" is the number.
    """
    forms = {form: SAMPLES[form] for form in {*languages.locale().plural_form.tags, "other"}}
    return json.dumps({form: COUNTED[what](number).replace(str(number), "{}") for form, number in forms.items()})
