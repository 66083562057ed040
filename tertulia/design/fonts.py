"""Which letters the fonts of this machine have: a picture with empty boxes is worse than one without words."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

FONTS = {".ttf", ".otf", ".ttc", ".otc"}
# They are seen by what they do to letters, not by a shape of their own.
_SHAPELESS = {"Zs", "Cf"}
_VARIANTS = range(0xFE00, 0xFE10)
# Without it a sentence still says what it says.
_ORNAMENTS = {"So", "Sk", "Cn"}
log = logging.getLogger("tertulia.fonts")


def writable(text: str) -> str:
    """The text without signs that no font here has; empty if one of its letters is among them, which is logged once."""
    said = "".join(
        sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign) not in {"Cc", "Cs", "Co"}
    )
    missing = {sign for sign in said if not _is_there(sign)}
    for letter in sorted(missing):
        if unicodedata.category(letter) not in _ORNAMENTS:
            _tell(unicodedata.name(letter, "unnamed").split(" ")[0])
            return ""
    return "".join(sign for sign in said if sign not in missing)


def _is_there(sign: str) -> bool:
    if unicodedata.category(sign) in _SHAPELESS or ord(sign) in _VARIANTS:
        return True
    letters = letters_in(tuple(settings.FONT_FOLDERS))
    return all(ord(part) in letters for part in sign) or all(
        ord(part) in letters for part in unicodedata.normalize("NFD", sign)
    )


@cache
def letters_in(folders: tuple[Path, ...]) -> Any:
    """The numbers (Unicode) of all letters that the fonts in `folders` have, as a set; a broken font has none."""
    import uharfbuzz

    letters = uharfbuzz.Set()
    for file in _files(folders):
        letters |= uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file))).unicodes
    return letters


def _files(folders: tuple[Path, ...]) -> Iterator[Path]:
    return (file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix.lower() in FONTS)


@cache
def _tell(script: str) -> None:
    """The script's name alone: the words may be about people."""
    log.warning(
        "no font here has all %s letters: share cards go without words in them; fonts-noto-core has most scripts, "
        "fonts-noto-cjk Chinese, Japanese and Korean",
        script,
    )
