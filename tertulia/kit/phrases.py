"""Words and digits that a person keeps: made here, and read again however they were written down."""

from __future__ import annotations

import secrets
import unicodedata
from enum import StrEnum
from functools import cache
from importlib.resources import files

from django.utils.translation import gettext_lazy as _

WORDS = 6  # of 7,772: 77.5 bits
DIGITS = 24  # 79.7 bits
GROUP = 4
LONGEST = 400  # characters that are looked at; nobody's phrase is longer


class Kind(StrEnum):
    """What a phrase is made of."""

    WORDS = "words"
    DIGITS = "digits"


KINDS = [
    (Kind.WORDS.value, _("Six English words")),
    (Kind.DIGITS.value, _("24 digits, the same in every language")),
]


def phrase(kind: Kind) -> str:
    """A new phrase of at least 77 bits: six words with spaces between them, or 24 digits in groups of four."""
    if kind is Kind.WORDS:
        return " ".join(secrets.choice(word_list()) for _ in range(WORDS))
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    return " ".join(digits[start : start + GROUP] for start in range(0, DIGITS, GROUP))


@cache
def word_list() -> tuple[str, ...]:
    """The EFF's long list (7,776 words), as the installed package xkcdpass ships it, less four words.

    Words with a hyphen are left out: drop-down, written without it, is another word of the list.
    """
    published = (files("xkcdpass") / "static" / "eff-long").read_text("utf-8").split()
    return tuple(word for word in published if word.isalpha())


def normalise(text: str) -> str:
    """The phrase as it is compared: letters in small, digits of any script as 0 to 9, nothing between them.

    No word of the list begins another one, so that nothing is lost with the spaces.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[:LONGEST]).casefold())
    return "".join(_kept(character) for character in plain)


def _kept(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return character if character.isalpha() else ""
