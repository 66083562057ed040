"""Marks of names: enough to know a name when a file or a text says it, and not to say it."""

from __future__ import annotations

import hmac
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings

from tertulia.kit.sealing import LostKey, Unreadable
from tertulia.programme.formats.address import address_of
from tertulia.programme.formats.letters import Piece, is_telling, pieces_of, stands_alone

KEY = "withheld-names"
LOST = "the key of names that were taken back is not among the keys: put these back first"


class Mark(NamedTuple):
    """HMAC-SHA-256 of a name under a key of this installation, and of how many pieces the name is.

    `head` is one byte of such an HMAC of its first piece, so that of 256 words in a text one is looked at; None for a
    mark that was made without. A name that is not telling may be a word like any other: it is looked for only where
    its person is credited.
    """

    digest: bytes
    length: int
    is_telling: bool
    head: int | None = None


def marks_of(name: str, key: bytes) -> list[Mark]:
    """The marks of the name under `key` (32 bytes): as it is written, and as addresses write it where that differs.

    One without any letter (a sign, a picture) has a mark of length 0: files are recognised by it, and no text.
    """
    pieces = pieces_of(name)
    if not pieces:
        return [Mark(_digest(key, [unicodedata.normalize("NFKC", name).strip()]), 0, is_telling=False)]
    forms = {tuple(piece.same for piece in pieces_of(form)): form for form in (name, address_of(name))}
    return [
        Mark(_digest(key, said), len(said), is_telling(form), _head(key, said[0]))
        for said, form in forms.items()
        if said
    ]


def places_of(marks: Collection[Mark], text: str, key: bytes) -> list[tuple[int, int]]:
    """Where the names behind the `marks`, made under `key`, stand in the text, in order; a longer one wins."""
    sought = _by_head(marks)
    pieces = pieces_of(text) if sought else []
    anywhere = sought.get(None, [])
    found, number = [], 0
    while number < len(pieces):
        near = sought.get(_head(key, pieces[number].same), [])
        size = _size(pieces, number, near + anywhere, key) if near or anywhere else 0
        if size:
            found.append((pieces[number].start, pieces[number + size - 1].end))
        number += size or 1
    return found


def key_of_marks() -> bytes:
    """The key that all marks are made under; LostKey if it is gone: under a new one no mark would be known again."""
    try:
        return settings.KEYS.get(KEY)
    except Unreadable as fault:
        raise LostKey(LOST) from fault


def _by_head(marks: Collection[Mark]) -> dict[int | None, list[Mark]]:
    found: dict[int | None, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.length:
            found[mark.head].append(mark)
    return found


def _size(pieces: Sequence[Piece], number: int, marks: Sequence[Mark], key: bytes) -> int:
    """How many pieces from that one on are one of the names; 0 for none."""
    for mark in sorted(marks, key=lambda mark: -mark.length):
        part = pieces[number : number + mark.length]
        is_whole = len(part) == mark.length and (mark.length > 1 or _is_whole(pieces, number))
        if is_whole and _digest(key, [piece.same for piece in part]) == mark.digest:
            return mark.length
    return 0


def _is_whole(pieces: Sequence[Piece], number: int) -> bool:
    """Whether one piece can be a name: not a letter in the midst of others."""
    return not pieces[number].is_letter or stands_alone(pieces, number)


@lru_cache(maxsize=50_000)
def _head(key: bytes, same: str) -> int:
    return hmac.digest(key, f"head\0{same}".encode(), "sha256")[0]


def _digest(key: bytes, said: Sequence[str]) -> bytes:
    return hmac.digest(key, " ".join(said).encode(), "sha256")
