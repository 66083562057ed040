"""What a page bears: at every width nothing runs over, is cut, overlaps or is too small to be touched.

And constellations never cross letters: the page is seen once with its stars and once without, and where both differ no
text may stand.
"""

from __future__ import annotations

import math
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Page as Tab
from playwright.sync_api import ViewportSize

from tests.looks.shots import shot
from tests.looks.visit import SETTLED

FINDERS = (Path(__file__).resolve().parent / "bearing.js").read_text("utf-8")
# 640 is a window of 1280 at 200 %.
WIDTHS = (320, 360, 640, 1280)
HEIGHT = 800
HIGHEST = 3000
STARS_OFF = (
    "(off) => document.querySelectorAll('svg.stars').forEach((one) => { one.style.visibility = off ? 'hidden' : ''; })"
)
# Each line of text that stands over a constellation: its words, and its box without the room above and below letters.
LINES = """() => [...document.querySelectorAll("svg.stars")].flatMap((sky) => {
  const range = document.createRange(), found = [], sees = { visibilityProperty: true };
  const walker = document.createTreeWalker(sky.parentElement, NodeFilter.SHOW_TEXT), edge = sky.getBoundingClientRect();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim() || !node.parentElement.checkVisibility(sees)) continue;
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const trim = box.height * .2, top = box.top + trim, bottom = box.bottom - trim;
      if (box.right < edge.left || box.left > edge.right || bottom < edge.top || top > edge.bottom) continue;
      const words = node.data.trim().slice(0, 40);
      found.push([words, box.left + scrollX, top + scrollY, box.right + scrollX, bottom + scrollY]);
    }
  }
  return found;
})"""
FAINT = 10  # of 255: what is fainter is not seen between letters


def found(tab: Tab) -> list[str]:
    """What the page in the tab does not bear, each with the widths at which it does not: 320, 360, 640, 1,280."""
    before = tab.viewport_size
    widths: dict[str, list[str]] = {}
    for width in WIDTHS:
        for complaint in _found_at(tab, width):
            widths.setdefault(complaint, []).append(str(width))
    if before:
        tab.set_viewport_size(before)
    return [f"{complaint} (at {', '.join(at)} px)" for complaint, at in widths.items()]


def _found_at(tab: Tab, width: int) -> list[str]:
    size: ViewportSize = {"width": width, "height": HEIGHT}
    tab.set_viewport_size(size)
    tab.evaluate(SETTLED)
    script = f"() => Object.values({FINDERS}).flatMap((find) => find())"
    return [*tab.evaluate(script), *crossed(tab)]


def crossed(tab: Tab) -> list[str]:
    """The texts that a constellation crosses."""
    lines = [(said, box) for said, *box in tab.evaluate(LINES) if box[1] < HIGHEST]
    if not lines:
        return []
    highest = min(HIGHEST, max(math.ceil(box[3]) for _said, box in lines))
    with_stars = shot(tab, highest)
    tab.evaluate(STARS_OFF, True)
    without = shot(tab, highest)
    tab.evaluate(STARS_OFF, False)
    stars = ImageChops.difference(with_stars, without).convert("L").point(lambda value: 255 if value > FAINT else 0)
    return [
        f"stars cross the letters of “{said}”"
        for said in dict.fromkeys(said for said, box in lines if _touched(stars, box))
    ]


def _touched(stars: Image.Image, box: list[float]) -> bool:
    left, top, right, bottom = (round(edge) for edge in box)
    inside = (max(0, left), max(0, top), min(stars.width, right), min(stars.height, bottom))
    return inside[0] < inside[2] and inside[1] < inside[3] and stars.crop(inside).getbbox() is not None
