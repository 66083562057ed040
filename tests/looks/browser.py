"""A browser that draws letters from the same fonts on every machine, whatever else is installed there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Playwright

from tests.looks.pages import Condition, Page

NOTO = Path("/usr/share/fonts/truetype/noto")
CHROMIUM = os.environ.get("TERTULIA_TEST_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
DRAWN_ALIKE = [*FLAGS, "--font-render-hinting=none", "--force-color-profile=srgb"]
# Neither the fonts of the machine nor its wishes about hinting and subpixels.
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{noto}</dir>
  <cachedir>{cache}</cachedir>
  {only}
  <match target="pattern"><edit name="hinting" mode="assign"><bool>false</bool></edit>
    <edit name="antialias" mode="assign"><bool>true</bool></edit>
    <edit name="rgba" mode="assign"><const>none</const></edit></match>
  <alias binding="same"><family>serif</family><prefer><family>Noto Serif</family></prefer></alias>
  <alias binding="same"><family>sans-serif</family><prefer><family>Noto Sans</family></prefer></alias>
  <alias binding="same"><family>system-ui</family><prefer><family>Noto Sans</family></prefer></alias>
  <alias binding="same"><family>monospace</family><prefer><family>Noto Sans</family></prefer></alias>
</fontconfig>
"""
# What is left where the look finds none of its fonts: one for Latin letters, one for Arabic ones.
FEW = """<selectfont><rejectfont><glob>*</glob></rejectfont>
  <acceptfont><glob>*/NotoSans-Regular.ttf</glob><glob>*/NotoSansArabic-Regular.ttf</glob></acceptfont></selectfont>"""
# How wide text is in each kind of letters: the same everywhere, or line breaks are not.
WIDTHS = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const found = {};
  for (const family of ["serif", "sans-serif", "system-ui"])
    for (const weight of ["400", "600"])
      for (const text of ["Nine open nights, 16–24", "تسع ليالٍ مفتوحة", "Ночь", "खुली रातें"]) {
        pen.font = `${weight} 100px ${family}`;
        found[`${family} ${weight} ${text}`] = Math.round(pen.measureText(text).width * 10) / 10;
      }
  return found;
}"""


class Browsers:
    """The browser of usual pages, and the one with few fonts; each started when it is first asked for."""

    def __init__(self, playwright: Playwright, folder: Path) -> None:
        self._playwright = playwright
        self._folder = folder
        self._started: dict[bool, Browser] = {}

    def for_page(self, page: Page) -> Browser:
        """The one in which this page is looked at."""
        few = page.condition == Condition.FEW_FONTS
        if few not in self._started:
            self._started[few] = self._start(few=few)
        return self._started[few]

    def close(self) -> None:
        """End them."""
        for browser in self._started.values():
            browser.close()

    def _start(self, *, few: bool) -> Browser:
        fonts = self._folder / f"fonts-{few}.conf"
        fonts.write_text(FONTS.format(noto=NOTO, cache=self._folder / "fonts", only=FEW if few else ""))
        told: Any = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
        return self._playwright.chromium.launch(executable_path=CHROMIUM, args=DRAWN_ALIKE, env=told)


@contextmanager
def browsers(playwright: Playwright) -> Iterator[Browsers]:
    """Browsers for all pages, until the end of the block."""
    with tempfile.TemporaryDirectory(prefix="tertulia-fonts-") as folder:
        both = Browsers(playwright, Path(folder))
        try:
            yield both
        finally:
            both.close()


def letters_of(browser: Browser) -> dict[str, float]:
    """How wide this machine's letters are, in pixels, by family, weight and script: the same widths, the same lines."""
    page = browser.new_page()
    page.set_content("<p>.</p>")
    widths: dict[str, float] = page.evaluate(WIDTHS)
    page.close()
    return widths
