"""Which text a reader gets: the language asked for, else the original."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Text(Protocol):
    """A row of text in one language; `source_revision` is None for the original."""

    language: str
    source_revision: int | None


AnyText = TypeVar("AnyText", bound=Text)


def original(texts: Iterable[AnyText]) -> AnyText:
    """The text that the others were translated from; LookupError if there is none."""
    for text in texts:
        if text.source_revision is None:
            return text
    raise LookupError("a thing without its original text")


def in_language(texts: Iterable[AnyText], language: str) -> AnyText:
    """The text in `language` (a BCP 47 tag), else in the same language of another region, else the original."""
    found = list(texts)
    for text in found:
        if text.language.lower() == language.lower():
            return text
    wanted = language.lower().split("-")[0]
    near = [text for text in found if text.language.lower().split("-")[0] == wanted]
    return near[0] if near else original(found)
