"""A picture of a page: all of it, down to where it only repeats itself."""

from __future__ import annotations

import base64
import io

from PIL import Image
from playwright.sync_api import Page as Tab

HIGHEST = 4000  # CSS pixels; what is further down on a long list looks like what is above
# Wagtail's screens scroll inside a frame of the height of the window.
IS_FRAMED = "Boolean(document.querySelector('#wagtail-sidebar'))"
HEIGHT = """Math.max(document.documentElement.scrollHeight, document.body?.scrollHeight ?? 0,
  ...[...document.querySelectorAll("#wagtail-sidebar ~ *, #wagtail-sidebar ~ * > *")].map((one) => one.scrollHeight))"""
# The blinking mark of a field comes and goes.
# So does the little map beside a long form of Wagtail's, which follows where one is.
REST = """document.activeElement instanceof HTMLElement && document.activeElement.blur();
document.querySelectorAll("[data-minimap-container]").forEach((map) => { map.style.display = "none"; });"""
# A picture that has come is painted later all the same, unless its page says otherwise: a busy machine shows a hole.
PAINTED = """async () => {
  const pictures = [...document.images].filter((one) => one.currentSrc);
  pictures.forEach((one) => { one.decoding = "sync"; });
  await Promise.all(pictures.filter((one) => one.loading !== "lazy").map((one) => one.decode().catch(() => {})));
}"""


def shot(tab: Tab, highest: int = HIGHEST) -> Image.Image:
    """The page as it stands in the tab, in CSS pixels, at most `highest` of them high."""
    tab.evaluate(REST)
    width = (tab.viewport_size or {"width": 0})["width"]
    height = min(int(tab.evaluate(HEIGHT)), highest)
    if tab.evaluate(IS_FRAMED):
        tab.set_viewport_size({"width": width, "height": height})
    tab.evaluate(PAINTED)
    line = tab.context.new_cdp_session(tab)
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    wanted = {"format": "png", "optimizeForSpeed": True, "captureBeyondViewport": True, "clip": clip}
    taken = line.send("Page.captureScreenshot", wanted)
    line.detach()
    return Image.open(io.BytesIO(base64.b64decode(taken["data"]))).convert("RGB")
