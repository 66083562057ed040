"""How far a page is from what was agreed: block by block on a small picture, so that no single edge of a letter counts.

Both pictures are made small by averaging and pass through the same lossy code, which takes its noise out of the
comparison. Then blocks of 4 by 4 small pixels (about 21 CSS pixels on the desktop, 12 on the phone) are averaged,
and compared channel by channel, 0 to 255.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageChops

WIDTHS = {"desktop": 240, "phone": 120}
QUALITY = 55
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
USUAL = Tolerance(worst=10, slight=3, spread=0.01, height=0.0)
# Another version of the browser draws edges and shadows of its own.
WIDE = Tolerance(worst=40, slight=8, spread=0.04, height=0.01)


@dataclass(frozen=True)
class Difference:
    """What is different: `why` in words, and the place in CSS pixels from the top left corner."""

    why: str
    x: int
    y: int


def small(picture: Image.Image, size: str) -> Image.Image:
    """The picture of a page, at the width that is agreed upon for a `size` of screen."""
    width = WIDTHS[size]
    return picture.resize((width, max(1, round(picture.height * width / picture.width))), Image.Resampling.BOX)


def packed(picture: Image.Image) -> bytes:
    """A small picture as it is kept."""
    held = io.BytesIO()
    picture.save(held, "WEBP", quality=QUALITY, method=6)
    return held.getvalue()


def unpacked(kept: bytes) -> Image.Image:
    """A picture that was kept."""
    return Image.open(io.BytesIO(kept)).convert("RGB")


def difference(agreed: Image.Image, now: Image.Image, tolerance: Tolerance, scale: float) -> Difference | None:
    """What the picture `now` shows otherwise than the `agreed` one, both small, at `scale` CSS pixels to the pixel.

    None within the tolerance.
    """
    taller = now.height - agreed.height
    if abs(taller) > tolerance.height * agreed.height:
        much = f"{round(abs(taller) * scale)} px {'taller' if taller > 0 else 'shorter'}"
        first = _first(_off(agreed, now), tolerance.worst)
        return Difference(f"the page is {much}", *_at(first, scale))
    off = _off(agreed, now)
    worst = max(off.getdata())
    if worst > tolerance.worst:
        return Difference(f"a block is {worst} of 255 off", *_at(_first(off, worst - 1), scale))
    slight = sum(1 for value in off.getdata() if value > tolerance.slight)
    if slight > tolerance.spread * off.width * off.height:
        share = f"{100 * slight / (off.width * off.height):.1f} %"
        return Difference(f"{share} of the page is slightly off", *_at(_first(off, tolerance.slight), scale))
    return None


def _off(agreed: Image.Image, now: Image.Image) -> Image.Image:
    """For each block of what both have, how far it is off in the channel that is furthest off."""
    box = (0, 0, min(agreed.width, now.width), min(agreed.height, now.height))
    blocks = [picture.crop(box).reduce(BLOCK) for picture in (agreed, now)]
    red, green, blue = ImageChops.difference(*blocks).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _first(off: Image.Image, above: int) -> tuple[int, int]:
    """The first block, from the top, that is further off than `above`; the end of what both have if none is."""
    for place, value in enumerate(off.getdata()):
        if value > above:
            return place % off.width, place // off.width
    return 0, off.height


def _at(block: tuple[int, int], scale: float) -> tuple[int, int]:
    """The middle of a block, in CSS pixels."""
    return round((block[0] + 0.5) * BLOCK * scale), round((block[1] + 0.5) * BLOCK * scale)


def laid_beside(agreed: Image.Image, now: Image.Image, times: int = 3) -> Image.Image:
    """Both small pictures and, in red on grey, where they differ; each `times` as large."""
    off = _off(agreed, now).point(lambda value: min(255, value * 8))
    shown = Image.merge(
        "RGB", (off.point(lambda value: max(value, 60)), *[off.point(lambda value: 60 - value // 5)] * 2)
    )
    height = max(agreed.height, now.height)
    sheet = Image.new("RGB", (3 * now.width + 16, height), "white")
    for place, part in enumerate((agreed, now, shown.resize((now.width, shown.height * BLOCK)))):
        sheet.paste(part, (place * (now.width + 8), 0))
    return sheet.resize((sheet.width * times, sheet.height * times), Image.Resampling.NEAREST)
