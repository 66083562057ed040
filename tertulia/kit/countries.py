"""Countries: their codes (ISO 3166-1, and XK for Kosovo), and what they are called in the reader's language."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from babel import Locale

# What the names of the world hold beside countries: unions, outlying islands, the unknown, what is made up for tests.
_NOT_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
_CODE = re.compile("[A-Z]{2}")
COUNTRIES = frozenset(filter(_CODE.fullmatch, map(str, Locale("en").territories))) - _NOT_COUNTRIES


def country_name(code: str, language: str) -> str:
    """What the country is called in `language` (a code); KeyError for a code that no country has."""
    if code not in COUNTRIES:
        raise KeyError(code)
    return str(Locale.parse(language, sep="-").territories.get(code) or Locale("en").territories[code])


@cache
def countries_in(language: str) -> tuple[tuple[str, str], ...]:
    """All countries as (code, name in `language`), in the order of its letters; accents do not count."""
    named = [(code, country_name(code, language)) for code in COUNTRIES]
    return tuple(sorted(named, key=lambda one: (_plain(one[1]), one[0])))


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
