"""How far a page is from what was agreed: block by block on a small picture, so that no single edge of a letter counts.

A page is made small by averaging: 240 pixels wide for the desktop, 120 for the phone. Of that, blocks of 4 by 4 pixels
(21 CSS pixels on the desktop, 12 on the phone) are averaged once more. The small picture is kept as people would look
at it, with losses; the blocks are kept exactly, and they alone are compared, channel by channel, 0 to 255.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageChops

WIDTHS = {"desktop": 240, "phone": 120}
QUALITY = 45
BLOCK = 4


@dataclass(frozen=True)
class Tolerance:
    """What passes: no block further off than `worst`; at most the share `spread` of blocks further than `slight`.

    `height` is the share of the height by which a page may be taller or shorter.
    """

    worst: int
    slight: int
    spread: float
    height: float


# Same letters, same browser: what differs was changed.
USUAL = Tolerance(worst=8, slight=3, spread=0.005, height=0.0)
# Another version of the browser draws edges and shadows of its own.
WIDE = Tolerance(worst=40, slight=8, spread=0.03, height=0.01)


@dataclass(frozen=True)
class Small:
    """A page made small: the `picture`, its `blocks`, and how many CSS pixels are one of its pixels."""

    picture: Image.Image
    blocks: Image.Image
    scale: float

    def kept(self) -> tuple[bytes, bytes]:
        """The picture and the blocks as files."""
        return _written(self.picture, quality=QUALITY), _written(self.blocks, lossless=True)


@dataclass(frozen=True)
class Difference:
    """What is different: `why` in words, and the place in CSS pixels from the top left corner."""

    why: str
    x: int
    y: int


def small(page: Image.Image, size: str) -> Small:
    """The picture of a page, in CSS pixels, made small for a `size` of screen: desktop or phone."""
    width = WIDTHS[size]
    picture = page.resize((width, max(1, round(page.height * width / page.width))), Image.Resampling.BOX)
    return Small(picture, picture.reduce(BLOCK), page.width / width)


def read(picture: bytes, blocks: bytes, scale: float) -> Small:
    """What `Small.kept` wrote."""
    return Small(*(Image.open(io.BytesIO(held)).convert("RGB") for held in (picture, blocks)), scale)


def difference(agreed: Small, now: Small, tolerance: Tolerance) -> Difference | None:
    """What the page shows `now` otherwise than as `agreed`; None within the tolerance."""
    off = _off(agreed, now)
    taller = now.picture.height - agreed.picture.height
    if abs(taller) > tolerance.height * agreed.picture.height:
        much = f"{round(abs(taller) * now.scale)} px {'taller' if taller > 0 else 'shorter'}"
        return Difference(f"the page is {much}", *_at(_first(off, tolerance.worst), now.scale))
    values = off.tobytes()
    worst = max(values)
    if worst > tolerance.worst:
        return Difference(f"a block is {worst} of 255 off", *_at(_first(off, worst - 1), now.scale))
    share = sum(1 for value in values if value > tolerance.slight) / len(values)
    if share > tolerance.spread:
        return Difference(
            f"{100 * share:.1f} % of the page is slightly off", *_at(_first(off, tolerance.slight), now.scale)
        )
    return None


def laid_beside(agreed: Small, now: Small, times: int = 3) -> Image.Image:
    """Both small pictures and, in red on grey, where they differ; each `times` as large."""
    off = _off(agreed, now).point(lambda value: min(255, value * 8))
    grey = off.point(lambda value: 60 - value // 5)
    shown = Image.merge("RGB", (off.point(lambda value: max(value, 60)), grey, grey))
    sheet = Image.new("RGB", (3 * now.picture.width + 16, max(agreed.picture.height, now.picture.height)), "white")
    shown = shown.resize((now.picture.width, shown.height * BLOCK), Image.Resampling.NEAREST)
    for place, part in enumerate((agreed.picture, now.picture, shown)):
        sheet.paste(part, (place * (now.picture.width + 8), 0))
    return sheet.resize((sheet.width * times, sheet.height * times), Image.Resampling.NEAREST)


def _off(agreed: Small, now: Small) -> Image.Image:
    """For each block of what both have, how far it is off in the channel that is furthest off."""
    box = (0, 0, min(agreed.blocks.width, now.blocks.width), min(agreed.blocks.height, now.blocks.height))
    red, green, blue = ImageChops.difference(agreed.blocks.crop(box), now.blocks.crop(box)).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _first(off: Image.Image, above: int) -> tuple[int, int]:
    """The first block, from the top, that is further off than `above`; the end of what both have if none is."""
    for place, value in enumerate(off.tobytes()):
        if value > above:
            return place % off.width, place // off.width
    return 0, off.height


def _at(block: tuple[int, int], scale: float) -> tuple[int, int]:
    """The middle of a block, in CSS pixels."""
    return round((block[0] + 0.5) * BLOCK * scale), round((block[1] + 0.5) * BLOCK * scale)


def _written(picture: Image.Image, **how: object) -> bytes:
    held = io.BytesIO()
    picture.save(held, "WEBP", method=6, **how)
    return held.getvalue()
