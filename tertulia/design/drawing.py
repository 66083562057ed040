"""Draws share cards and icons: the sky as SVG, words by Pango, both put together as PNG."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from tertulia.design import clock, sky
from tertulia.design.cards import HEIGHT, WIDTH, Card
from tertulia.design.fonts import writable
from tertulia.design.lettering import SANS, SERIF, fitted, libvips
from tertulia.design.palette import NIGHT, colours, sky_colours

MARGIN = 72
COLUMN = 690  # the width of words; beside them the sky is seen
TITLE_HEIGHT = 288
TITLE_SIZES = (96, 84, 74, 65, 57, 50, 44, 39, 34)
GAP = 30
MARK, BESIDE_MARK, LONE_MARK = 48, 64, 220
FOOT = HEIGHT - MARGIN - MARK
DIAL = 250
# As far from the start of a page's hero as its stars are seen.
SKY_ENDS = 0.84
SIGN = Path(__file__).parent / "static" / "design" / "favicon.svg"
ICON_UNITS = 32


@dataclass(frozen=True)
class Picture:
    """A PNG; `is_whole` unless words are missing for want of a font."""

    png: bytes
    is_whole: bool


@dataclass(frozen=True)
class _Line:
    """A piece of text on a card: in which colour and font it stands, how large it may be, in pixels."""

    text: str
    language: str
    colour: str
    font: str
    sizes: tuple[int, ...]
    height: int
    width: int = COLUMN


def draw(card: Card) -> Picture:
    """The card as a picture of 1200 × 630 pixels; without a title if no font here has its letters."""
    lines = _lines(card)
    said = {name: writable(line.text) for name, line in lines.items()}
    letters = {name: _fitted(line, said[name]) for name, line in lines.items() if said[name]}
    ground = libvips().Image.svgload_buffer(_ground(card, is_bare="title" not in letters)).flatten()
    for name, (x, y) in _places(letters).items():
        left = WIDTH - x - letters[name].width if card.is_from_right else x
        ground = _inked(ground, letters[name], lines[name].colour, left, y)
    is_whole = all(said[name] for name, line in lines.items() if line.text)
    return Picture(ground.pngsave_buffer(compression=9, strip=True), is_whole)


def _fitted(line: _Line, said: str) -> Any:
    return fitted(said, line.font, line.sizes, line.language, (line.width, line.height))


def _places(letters: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """Where each piece of text begins and how far down: in the middle between the upper edge and the foot.

    Without a title the mark stands in its place, and no longer before the foot.
    """
    is_bare = "title" not in letters
    stack = [name for name in letters if name != "foot"]
    height = sum(letters[name].height for name in stack) + GAP * (len(stack) - 1)
    top, places = MARGIN + (FOOT - GAP - MARGIN - height) // 2, {}
    top = MARGIN + LONE_MARK + GAP if is_bare else top
    for name in stack:
        places[name] = (MARGIN, top)
        top += letters[name].height + GAP
    if "foot" in letters:
        places["foot"] = (MARGIN if is_bare else MARGIN + BESIDE_MARK, FOOT + (MARK - letters["foot"].height) // 2)
    return places


def draw_icon(size: int, share: float = 1.0) -> bytes:
    """The mark as a PNG of `size` × `size` pixels; with a `share` (0 to 1) below 1 smaller, on a ground of night."""
    mark = SIGN.read_text(encoding="utf-8")
    if share < 1:
        edge = ICON_UNITS * (1 - share) / 2
        inner = mark.replace(
            "<svg ", f'<svg x="{edge}" y="{edge}" width="{ICON_UNITS * share}" height="{ICON_UNITS * share}" ', 1
        )
        night = f'<rect width="{ICON_UNITS}" height="{ICON_UNITS}" fill="{colours()["night"]}"/>'
        mark = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {ICON_UNITS} {ICON_UNITS}">{night}{inner}</svg>'
    drawn = libvips().Image.svgload_buffer(mark.encode(), scale=size / ICON_UNITS)
    png: bytes = drawn.pngsave_buffer(compression=9, strip=True)
    return png


def _lines(card: Card) -> dict[str, _Line]:
    """From the top down; the foot stands at the bottom."""
    ink = colours(NIGHT)
    return {
        "over": _Line(card.over, card.language, ink["star"], f"{SANS} Bold", (26, 22, 18), 70),
        "title": _Line(card.title, card.title_language, ink["moon"], f"{SERIF} Bold", TITLE_SIZES, TITLE_HEIGHT),
        "under": _Line(card.under, card.language, ink["haze"], SERIF, (28, 24, 20), 70),
        "foot": _Line(
            card.foot, card.language, ink["moon"], f"{SERIF} Bold", (30, 26, 22, 18, 15), MARK, COLUMN - BESIDE_MARK
        ),
    }


def _ground(card: Card, *, is_bare: bool) -> bytes:
    scale, mark = HEIGHT / card.ground, LONE_MARK if is_bare else MARK
    shown: dict[str, Any] = {
        "colours": sky_colours(card.dusk),
        "drawn": sky.constellation(card.seed, card.points, WIDTH, card.ground),
        "scale": scale,
        "shift": WIDTH - SKY_ENDS * WIDTH * scale,
        "is_from_right": card.is_from_right,
        "dial": clock.dial(card.hour, DIAL) if card.hour is not None else None,
        "dial_x": MARGIN if card.is_from_right else WIDTH - MARGIN - DIAL,
        "mark": {
            "x": WIDTH - MARGIN - mark if card.is_from_right else MARGIN,
            "y": MARGIN if is_bare else FOOT,
            "size": mark,
        },
    }
    return render_to_string("design/card.svg", shown).encode()


def _inked(ground: Any, letters: Any, colour: str, x: int, y: int) -> Any:
    """The ground with the letters on it in their colour (`#rrggbb`)."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    ink = letters.new_from_image([red, green, blue]).copy(interpretation="srgb").bandjoin(letters)
    return ground.composite(ink, "over", x=x, y=y).flatten()
