"""Texts taken apart into the pieces by which a name is found in them, whatever script it is written in.

Where words stand apart, a piece is a word. Where they do not (Chinese, Japanese, Korean with its endings, Thai, Lao,
Khmer, Burmese, Tibetan), a piece is what a reader takes for one letter, with the marks that belong to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

# Scripts that put no spaces between words, or write endings onto names: Thai and Lao, Tibetan, Burmese, Khmer, those of
# Indonesia, Hangul, and all of Chinese and Japanese.
_LETTERWISE = (
    "\u0e00-\u0edf\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f\ua980-\ua9ff"
    "\ua9e0-\ua9ff\uaa60-\uaa7f\uaa80-\uaadf\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303b\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u312f\u31a0-\u31bf"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\uffa0-\uffdc\U0001b000-\U0001b16f"
    "\U00020000-\U000323af"
)
# Of these, the ones in which three letters are a whole name.
_WHOLE_IN_THREE = re.compile(
    "[\u1100-\u11ff\u3005-\u312f\u3130-\u318f\u31a0-\u31ff\u3400-\u9fff\ua960-\ua97f\uac00-\ufaff]"
)
WHOLE_IN_THREE, WHOLE_IN_SIX = 3, 6
# Vowels that are written before their letter or after it and count as letters of their own, and half-width marks.
_LEADING = "\u0e40-\u0e44\u0ec0-\u0ec4"
_TRAILING = "\u0e30\u0e32\u0e33\u0e45\u0eb0\u0eb2\u0eb3\uff9e\uff9f"
# Korean that is taken apart: what begins a syllable, and what follows.
_BEGIN, _FOLLOW = "\u1100-\u115f\ua960-\ua97c", "\u1160-\u11ff\ud7b0-\ud7fb"
# What joins the next letter to this one (Khmer, Burmese).
_STACK = "\u17d2\u1039"
# Marks that vary within one name (accents, vowel points), by their combining class; others are letters of their script.
_ACCENTS = frozenset({1, *range(10, 37), *range(200, 241)})
_STRETCHING = "\u0640"
# Where marks are: behind the ideographs there are only those that choose the shape of one.
_PLANES = (range(0x20000), range(0xE0000, 0xE0200))
# Latin letters that do not come apart into a letter and an accent.
_STRUCK = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)


class Piece(NamedTuple):
    """A piece of a text: how it is compared, where it stands, and whether it is one letter of many in a row."""

    same: str
    start: int
    end: int
    is_letter: bool


def pieces_of(text: str) -> list[Piece]:
    """The words and letters of the text in their order; what is neither stands between them and counts for nothing."""
    found = []
    for place in _pattern().finditer(text):
        same = _same(place[0])
        if same:
            found.append(Piece(same, *place.span(), place.lastindex is None))
    return found


def stands_alone(pieces: Sequence[Piece], number: int) -> bool:
    """Whether no other letter touches the piece of that `number`, counted from 0."""
    here, before, after = pieces[number], pieces[max(number - 1, 0)], pieces[min(number + 1, len(pieces) - 1)]
    return before.end != here.start and here.end != after.start


def is_telling(name: str) -> bool:
    """Whether the name could hardly be another word: it is two words or more, or enough letters without spaces."""
    pieces = pieces_of(name)
    if any(before.end != piece.start for before, piece in pairwise(pieces)):
        return True
    enough = WHOLE_IN_THREE if _WHOLE_IN_THREE.search(unicodedata.normalize("NFC", name)) else WHOLE_IN_SIX
    return len(pieces) >= enough


@cache
def _pattern() -> re.Pattern[str]:
    """Made when it is first needed, since it asks each character for its kind."""
    mark = f"[{_marks()}{_TRAILING}]"
    letter = f"[{_LEADING}]*(?:[{_BEGIN}][{_FOLLOW}]*|(?=[^\\W_])[{_LETTERWISE}][{_FOLLOW}]*){mark}*"
    stacked = f"{letter}(?:(?<=[{_STACK}]){letter})*"
    return re.compile(f"((?:[^\\W_{_LETTERWISE}]+{mark}*)+)|{stacked}")


def _marks() -> str:
    """All marks, and signs that nobody sees and that stand within words."""
    kinds = ((code, unicodedata.category(chr(code))) for plane in _PLANES for code in plane)
    return "".join(f"\\U{code:08x}" for code, kind in kinds if kind[0] == "M" or kind == "Cf")


@lru_cache(maxsize=50_000)
def _same(piece: str) -> str:
    """The piece as it is compared: without capitals, accents, points, and what is not seen."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", piece).casefold())
    bare = "".join(sign for sign in apart if unicodedata.combining(sign) not in _ACCENTS and _is_said(sign))
    return unicodedata.normalize("NFC", bare.translate(_STRUCK))


def _is_said(sign: str) -> bool:
    return sign != _STRETCHING and unicodedata.category(sign) != "Cf"
