"""Marks of names: enough to know a name when a file or a text says it, and not to say it."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.conf import settings

from tertulia.kit.sealing import Unreadable
from tertulia.programme.formats.address import address_of
from tertulia.programme.formats.letters import Piece, is_telling, pieces_of, stands_alone

KEY = "withheld-names"


class Mark(NamedTuple):
    """HMAC-SHA-256 of a name under a key of this installation, and of how many pieces the name is.

    A name that is not telling may be a word like any other: it is looked for only where its person is credited.
    """

    digest: bytes
    length: int
    is_telling: bool


def marks_of(name: str, key: bytes) -> list[Mark]:
    """The marks of the name under `key` (32 bytes): as it is written, and as addresses write it where that differs.

    One without any letter (a sign, a picture) has a mark of length 0: files are recognised by it, and no text.
    """
    pieces = pieces_of(name)
    if not pieces:
        return [Mark(_digest(key, [unicodedata.normalize("NFKC", name).strip()]), 0, is_telling=False)]
    forms = {tuple(piece.same for piece in pieces_of(form)): form for form in (name, address_of(name))}
    return [Mark(_digest(key, said), len(said), is_telling(form)) for said, form in forms.items() if said]


def places_of(marks: Collection[Mark], text: str, key: bytes) -> list[tuple[int, int]]:
    """Where the names behind the `marks` stand in the text, in order; a longer one wins over a shorter one in it."""
    sought = {(mark.length, mark.digest) for mark in marks if mark.length}
    sizes = sorted({length for length, _digest_of in sought}, reverse=True)
    pieces = pieces_of(text) if sought else []
    found, number = [], 0
    while number < len(pieces):
        size = next((size for size in sizes if (size, _said(pieces, number, size, key)) in sought), 0)
        if size:
            found.append((pieces[number].start, pieces[number + size - 1].end))
        number += size or 1
    return found


def key_of_marks() -> bytes:
    """The key that all marks are made under; Unreadable if it is gone: under a new one no mark would be known again."""
    try:
        return settings.KEYS.get(KEY)
    except Unreadable as fault:
        raise Unreadable("the key of names that were taken back is not among the keys: put it back first") from fault


def _said(pieces: Sequence[Piece], number: int, size: int, key: bytes) -> bytes:
    """The digest of so many pieces from that one on; nothing for fewer, or a letter in the midst of others."""
    part = pieces[number : number + size]
    if len(part) < size or (size == 1 and part[0].is_letter and not stands_alone(pieces, number)):
        return b""
    return _digest(key, [piece.same for piece in part])


def _digest(key: bytes, said: Sequence[str]) -> bytes:
    return hmac.digest(key, " ".join(said).encode(), "sha256")
