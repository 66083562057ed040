"""What somebody wrote, in parts: plain, bold, italic, code, and links that lead where they say.

`static/live/words.js` does the same with what arrives while a page is open; `tests/live/words.json` holds both to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from tertulia.live.formats.links import Link, link_in, without_what_follows


class Kind(StrEnum):
    """How a part is shown; the value is its element in a page."""

    PLAIN = ""
    BOLD = "strong"
    ITALIC = "em"
    CODE = "code"


@dataclass
class Part:
    """Text, links and parts, inside a part of some kind."""

    kind: Kind
    inside: list[Part | Link | str] = field(default_factory=list)


@dataclass(frozen=True)
class Mark:
    """A sign that may begin a part, or end it, by what stands beside it."""

    sign: str
    begins: bool
    ends: bool


KINDS = {"*": Kind.BOLD, "_": Kind.ITALIC}
_TOKEN = re.compile(r"`[^`\n]+`|https?://[^\s\ufeff<>\"`]+|[\n*_]", re.IGNORECASE)


def parts_of(text: str) -> Part:
    """`text` in parts: *bold*, _italic_, `code`, addresses; none goes over the end of a line, and the rest is plain."""
    reader = _Reader()
    for token in _tokens(text):
        reader.read(token)
    return reader.whole()


def _tokens(text: str) -> Iterator[Mark | Link | Part | str]:
    end = 0
    while found := _TOKEN.search(text, end):
        if found.start() > end:
            yield text[end : found.start()]
        token, end = _token(text, found[0], found.start())
        yield token
    if end < len(text):
        yield text[end:]


def _token(text: str, found: str, start: int) -> tuple[Mark | Link | Part | str, int]:
    """What was found at `start`, and where it ends."""
    end = start + len(found)
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if found in KINDS:
        begins = not _is_in_word(before) and after not in {"", found} and not after.isspace()
        ends = before != "" and not before.isspace() and not _is_in_word(after)
        return Mark(found, begins, ends), start + 1
    if found.startswith("`"):
        return Part(Kind.CODE, [found[1:-1]]), end
    if found == "\n" or _is_in_word(before):
        return found, end
    address = without_what_follows(found)
    return link_in(address) or address, start + len(address)


def _is_in_word(character: str) -> bool:
    return character != "" and unicodedata.category(character)[0] in "LMN"


class _Reader:
    """Holds what has begun and not ended yet, the outermost first."""

    def __init__(self) -> None:
        self._begun: list[tuple[str, Part]] = [("", Part(Kind.PLAIN))]

    def read(self, found: Mark | Link | Part | str) -> None:
        if isinstance(found, Mark):
            self._mark(found)
            return
        if found == "\n":
            self._give_up(1)
        self._add(found)

    def whole(self) -> Part:
        self._give_up(1)
        return self._begun[0][1]

    def _mark(self, mark: Mark) -> None:
        signs = [sign for sign, _part in self._begun]
        place = signs.index(mark.sign) if mark.sign in signs else 0
        # Next to its beginning there is nothing to be ended.
        if place and mark.ends and (place + 1 < len(signs) or self._begun[place][1].inside):
            self._give_up(place + 1)
            _sign, part = self._begun.pop()
            self._add(part)
        elif not place and mark.begins:
            self._begun.append((mark.sign, Part(KINDS[mark.sign])))
        else:
            self._add(mark.sign)

    def _give_up(self, place: int) -> None:
        """What has begun at that place or later has no end, and its sign is a sign."""
        while len(self._begun) > place:
            sign, part = self._begun.pop()
            for one in [sign, *part.inside]:
                self._add(one)

    def _add(self, one: Part | Link | str) -> None:
        inside = self._begun[-1][1].inside
        if isinstance(one, str) and inside and isinstance(inside[-1], str):
            inside[-1] += one
        else:
            inside.append(one)
