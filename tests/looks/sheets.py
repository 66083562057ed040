"""Contact sheets: many pages on one picture, each under its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.looks.browser import NOTO

GAP, LINE, INK, PAPER = 16, 22, "#211d35", "#e9e4da"
WIDEST = 16_000  # pixels in a row; and no side of a sheet is longer


@dataclass(frozen=True)
class Thumb:
    """A picture on a sheet, and what stands above it."""

    label: str
    picture: Image.Image


def thumb(label: str, picture: Image.Image, width: int, highest: int) -> Thumb:
    """The upper part of a picture, `width` pixels wide and at most `highest` high."""
    scaled = picture.resize((width, max(1, round(picture.height * width / picture.width))), Image.Resampling.LANCZOS)
    return Thumb(label, scaled.crop((0, 0, width, min(scaled.height, highest))))


def sheet(rows: Sequence[Sequence[Thumb]]) -> Image.Image:
    """Rows of thumbs, one below the other; what would make it higher than 16,000 pixels is left out."""
    heights = [max(one.picture.height for one in row) + LINE + GAP for row in rows]
    width = max(sum(one.picture.width + GAP for one in row) for row in rows) + GAP
    whole = Image.new("RGB", (min(width, WIDEST), min(sum(heights) + GAP, WIDEST)), PAPER)
    pen, letters, top = ImageDraw.Draw(whole), _letters(), GAP
    for row, height in zip(rows, heights, strict=True):
        left = GAP
        for one in row:
            pen.text((left, top), one.label, INK, font=letters)
            whole.paste(one.picture, (left, top + LINE))
            left += one.picture.width + GAP
        top += height
    return whole


def in_rows(thumbs: Sequence[Thumb], columns: int) -> list[Sequence[Thumb]]:
    """The thumbs in rows of so many columns."""
    return [thumbs[start : start + columns] for start in range(0, len(thumbs), columns)]


def write(picture: Image.Image, place: Path) -> None:
    """Write a picture as PNG, making the folder it goes into."""
    place.parent.mkdir(parents=True, exist_ok=True)
    picture.save(place, compress_level=3)


def _letters() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    found = NOTO / "NotoSans-Regular.ttf"
    return ImageFont.truetype(str(found), 13) if found.exists() else ImageFont.load_default()
