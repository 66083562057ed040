"""What languages are called, and how they write days."""

from __future__ import annotations

from babel import Locale
from django.utils.translation import get_language

# The language without a region means its form in most of the world, with the day before the month.
REGIONAL = {"en": "en_GB"}


def language_name(tag: str) -> str:
    """What the language with that BCP 47 `tag` is called in the language of the page; the tag if nobody knows."""
    names = {name.lower(): shown for name, shown in locale().languages.items()}
    whole = tag.replace("-", "_").lower()
    return str(names.get(whole) or names.get(whole.split("_")[0]) or tag)


def locale() -> Locale:
    """Babel's locale for the language of the page."""
    tag = get_language() or "en"
    return Locale.parse(REGIONAL.get(tag, tag.replace("-", "_")))
