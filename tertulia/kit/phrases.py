"""Words and digits that a person keeps: made here, and read again however they were written down."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

WORDS = 6  # of 7,772: 77.5 bits
WORDS_OF_OTHERS = 7  # of 2,048: 77 bits
DIGITS = 24  # 79.7 bits
GROUP = 4
LONGEST = 400  # characters that are looked at; nobody's phrase is longer
_ACCENTS = range(0x300, 0x370)
_TRADITIONAL = {"zh-hant", "zh-tw", "zh-hk", "zh-mo"}


class Kind(StrEnum):
    """What a phrase is made of: English words, digits, or words of another language, by its tag."""

    WORDS = "words"
    DIGITS = "digits"
    CZECH = "cs"
    SPANISH = "es"
    FRENCH = "fr"
    ITALIAN = "it"
    JAPANESE = "ja"
    KOREAN = "ko"
    PORTUGUESE = "pt"
    RUSSIAN = "ru"
    TURKISH = "tr"
    CHINESE = "zh-hans"
    TRADITIONAL_CHINESE = "zh-hant"


_PUBLISHED = {
    Kind.CZECH: "czech",
    Kind.SPANISH: "spanish",
    Kind.FRENCH: "french",
    Kind.ITALIAN: "italian",
    Kind.JAPANESE: "japanese",
    Kind.KOREAN: "korean",
    Kind.PORTUGUESE: "portuguese",
    Kind.RUSSIAN: "russian",
    Kind.TURKISH: "turkish",
    Kind.CHINESE: "chinese_simplified",
    Kind.TRADITIONAL_CHINESE: "chinese_traditional",
}


def phrase(kind: Kind) -> str:
    """A new phrase: words with spaces between them, or 24 digits in groups of four.

    77 bits or more; a ten-thousandth of one bit less where a word of the list begins another (Spanish, Turkish).
    """
    if kind is Kind.DIGITS:
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        return " ".join(digits[start : start + GROUP] for start in range(0, DIGITS, GROUP))
    number = WORDS if kind is Kind.WORDS else WORDS_OF_OTHERS
    return " ".join(secrets.choice(word_list(kind)) for _ in range(number))


@cache
def word_list(kind: Kind = Kind.WORDS) -> tuple[str, ...]:
    """The words of `kind`, which is not that of digits.

    In English the EFF's long list (7,776 words), as the installed package xkcdpass ships it, less four: drop-down,
    written without its hyphen, is another word of the list. In other languages the list of BIP 39, as the installed
    package mnemonic ships it.
    """
    if kind is Kind.WORDS:
        published = (files("xkcdpass") / "static" / "eff-long").read_text("utf-8").split()
        return tuple(word for word in published if word.isalpha())
    text = (files("mnemonic") / "wordlist" / f"{_PUBLISHED[kind]}.txt").read_text("utf-8")
    return tuple(unicodedata.normalize("NFC", text).split())


def kinds_for(languages: Iterable[str]) -> list[Kind]:
    """What a way back in can be made of for who reads these `languages`, the dearest first; the first kind by default.

    Words of the dearest, or digits where it has no list; then words of the next one that has a list other than the
    English one, digits, English words.
    """
    lists = [_of_language(tag) for tag in languages] or [None]
    other = next((kind for kind in lists[1:] if kind not in {None, Kind.WORDS, lists[0]}), None)
    kinds = (lists[0] or Kind.DIGITS, other, Kind.DIGITS, Kind.WORDS)
    return [kind for kind in dict.fromkeys(kinds) if kind]


def offered(languages: Iterable[str]) -> list[tuple[str, str]]:
    """The same as choices of a form, each with what it is called."""
    return [(kind.value, _called(kind)) for kind in kinds_for(languages)]


def language_of(text: str) -> str:
    """The language in which a `text` of ours is written; empty for digits, and for what is no phrase."""
    words = text.split()
    kinds = (kind for kind in Kind if kind is not Kind.DIGITS and words and words[0] in _known(kind))
    found = next((kind for kind in kinds if _known(kind).issuperset(words)), None)
    return "en" if found is Kind.WORDS else found or ""


def normalise(text: str) -> str:
    """The phrase as it is compared: small letters without accents, digits of any script as 0 to 9, nothing between.

    Marks that make another letter of a kana stay. Hardly any word of a list begins another one of it, so that hardly
    anything is lost with the spaces.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[:LONGEST]).casefold())
    apart = unicodedata.normalize("NFD", plain)
    bare = "".join(character for character in apart if ord(character) not in _ACCENTS)
    # Without its dot, the i of Turkish is what others have of it in capitals.
    return "".join(_kept(character) for character in unicodedata.normalize("NFC", bare).replace("ı", "i"))


def _kept(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return character if character.isalpha() else ""


def _of_language(tag: str) -> Kind | None:
    """The words of the language with this `tag` (BCP 47), if it has a list."""
    parts = tag.lower().split("-")
    if parts[0] == "en":
        return Kind.WORDS
    if parts[0] == "zh":
        is_traditional = any(f"zh-{part}" in _TRADITIONAL for part in parts[1:])
        return Kind.TRADITIONAL_CHINESE if is_traditional else Kind.CHINESE
    return next((kind for kind in _PUBLISHED if kind == parts[0]), None)


def _called(kind: Kind) -> str:
    if kind is Kind.DIGITS:
        return _("24 digits, the same in every language")
    if kind is Kind.WORDS:
        return _("Six English words")
    return _("Seven words: %(language)s") % {"language": get_language_info(kind.value)["name_translated"]}


@cache
def _known(kind: Kind) -> frozenset[str]:
    return frozenset(word_list(kind))
