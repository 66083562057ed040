"""`./run looks`: pictures of every page in every look, contact sheets, and the comparison with what was agreed."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import time
from collections import defaultdict
from pathlib import Path

from PIL import Image
from playwright.sync_api import Error, sync_playwright
from playwright.sync_api import Page as Tab

from tests.looks import agreed, bearing, sheets
from tests.looks.browser import NOTO, browsers, letters_of
from tests.looks.house import Houses
from tests.looks.pages import PAGES, Condition, Page
from tests.looks.shots import shot
from tests.looks.visit import Look, looks_of
from tests.looks.walk import Walk

ROOT = Path(__file__).resolve().parent.parent.parent
LOOKS = ROOT / "looks"
DIFFERENT = "different"
ASKED_WRONGLY = 2
THUMBS = {"desktop": 320, "phone": 130}
HIGHEST_THUMB = 520
# Paper has widths of its own, and without style sheets nothing of ours decides what goes where.
LEFT_OUT = {Condition.PRINTED, Condition.NO_STYLES}
# What stands at a place of a page: its words or its kind, under which heading.
WHERE = """([x, y]) => {
  window.scrollTo(0, y - innerHeight / 2);
  const found = document.elementFromPoint(x, y - scrollY) ?? document.body;
  const words = (one) => (one.innerText || one.tagName).trim().split("\\n")[0].slice(0, 50);
  const above = (one) => one.getBoundingClientRect().top + scrollY <= y;
  const head = [...document.querySelectorAll("h1, h2, h3")].filter(above).at(-1);
  return `${found.tagName.toLowerCase()} “${words(found)}”` + (head ? ` under “${words(head)}”` : "");
}"""


def main(words: list[str]) -> int:
    """Do what the line asks for; 0: all is there or as agreed, 1: something differs or is missing, 2: asked wrongly."""
    asked = _parser().parse_args(words)
    # Whoever is told to stop takes the houses along.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    unknown = [name for name in asked.names if name not in {one for page in PAGES for one in (page.name, page.group)}]
    if unknown:
        return _complain(f"there is no page or group called {unknown[0]}; --list shows them all")
    pages = [page for page in PAGES if not asked.names or {page.name, page.group} & set(asked.names)]
    try:
        return _do(asked, pages)
    except (agreed.NotAgreed, RuntimeError, Error) as fault:
        return _complain(str(fault).splitlines()[0])


def _do(asked: argparse.Namespace, pages: list[Page]) -> int:
    if asked.list:
        print("\n".join(f"{page.group:11} {page.name}" for page in pages))
        return 0
    if not NOTO.is_dir():
        return _complain("the fonts are missing: sudo apt-get install fonts-noto-core")
    if asked.bear:
        return bear(pages)
    if asked.compare:
        return compare(pages, asked.agreed)
    return agree(pages, asked.agreed, whole=not asked.names) if asked.agree else take(pages)


def take(pages: list[Page], folder: Path = LOOKS) -> int:
    """Take every picture of these pages, and put the contact sheets together."""
    thumbs: dict[str, dict[Look, sheets.Thumb]] = defaultdict(dict)
    progress = _Progress(sum(len(looks_of(page)) for page in pages))

    def each(tab: Tab, page: Page, look: Look) -> None:
        picture = shot(tab)
        sheets.write(picture, folder / page.group / f"{page.name}.{look}.png")
        thumbs[page.name][look] = sheets.thumb(f"{page.name} {look}", picture, THUMBS[look.size], HIGHEST_THUMB)
        progress.one_more()

    complaints = _walk(Walk(pages, looks_of, each))
    for group in dict.fromkeys(page.group for page in pages):
        rows = [list(thumbs[page.name].values()) for page in pages if page.group == group and thumbs[page.name]]
        if rows:
            sheets.write(sheets.sheet(rows), folder / "sheets" / f"{group}.png")
    if len(pages) == len(PAGES):
        sheets.write(_all_of_them(thumbs), folder / "sheets" / "all.png")
    progress.end(f"pictures in {folder}, contact sheets in {folder / 'sheets'}")
    return _conclude(progress.done, complaints)


def agree(pages: list[Page], folder: Path, *, whole: bool) -> int:
    """Make what these pages look like now the agreed set, or that part of it."""
    agreed.begin(folder, _ground(), whole=whole)
    progress = _Progress(sum(len(agreed.agreed_looks(page)) for page in pages))

    def each(tab: Tab, page: Page, look: Look) -> None:
        agreed.keep(folder, page, look, shot(tab, agreed.HIGHEST))
        progress.one_more()

    complaints = _walk(Walk(pages, agreed.agreed_looks, each))
    size = sum(file.stat().st_size for file in folder.iterdir())
    progress.end(f"pictures agreed in {folder}, {size / 1_000_000:.1f} MB")
    return _conclude(progress.done, complaints)


def compare(pages: list[Page], folder: Path) -> int:
    """Hold these pages against the agreed set; what differs is laid side by side in looks/different/."""
    then, now = agreed.ground_of(folder), _ground()
    held = agreed.tolerance(then, now)
    if held is None:
        print("looks: not compared: the letters of this machine are not as wide as those of the agreed set")
        print(f"0 passed, 0 failed, {sum(len(agreed.agreed_looks(page)) for page in pages)} skipped")
        return 0
    if held is agreed.WIDE:
        print(f"looks: with the wide tolerance: agreed with Chromium {then.chromium}, seen with {now.chromium}")
    shutil.rmtree(LOOKS / DIFFERENT, ignore_errors=True)
    found: list[str] = []
    progress = _Progress(sum(len(agreed.agreed_looks(page)) for page in pages))

    def each(tab: Tab, page: Page, look: Look) -> None:
        picture = shot(tab, agreed.HIGHEST)
        # What is seen once only is the machine's; what a page has become is seen as often as one looks.
        if agreed.compared(folder, page, look, picture, held):
            picture = shot(tab, agreed.HIGHEST)
        different = agreed.compared(folder, page, look, picture, held)
        if different:
            sheets.write(
                agreed.side_by_side(folder, page, look, picture), LOOKS / DIFFERENT / f"{page.name}.{look}.png"
            )
            where = tab.evaluate(WHERE, [different.x, different.y])
            found.append(f"{page.name} {look}: {different.why}, at {different.x}, {different.y}: {where}")
        progress.one_more()

    complaints = _walk(Walk(pages, agreed.agreed_looks, each))
    progress.end(f"pictures compared{f'; what differs is in {LOOKS / DIFFERENT}' if found else ''}")
    return _conclude(progress.done - len(found), [*found, *complaints])


def bear(pages: list[Page]) -> int:
    """Look in both directions whether these pages bear what is in them, at four widths; staff screens are Wagtail's."""
    ours = [page for page in pages if not page.is_staff_screen and page.condition not in LEFT_OUT]
    progress = _Progress(2 * len(ours))
    found: list[str] = []

    def each(tab: Tab, page: Page, look: Look) -> None:
        here = [f"{page.name} {look.direction}: {what}" for what in bearing.found(tab)]
        print("\n".join(here), end="\n" if here else "", flush=True)
        found.extend(here)
        progress.one_more()

    directions = (Look("light", "ltr", "desktop"), Look("light", "rtl", "desktop"))
    complaints = _walk(Walk(ours, lambda _page: directions, each))
    progress.end("looked at")
    print("".join(f"looks: {line}\n" for line in complaints), end="")
    failed = len(found) + len(complaints)
    print(f"{progress.done} looked at, {failed} found")
    return 1 if failed else 0


def _walk(walk: Walk) -> list[str]:
    with Houses() as houses:
        walk.go(houses)
    return walk.complaints


def _ground() -> agreed.Ground:
    with sync_playwright() as playwright, browsers(playwright) as both:
        browser = both.for_page(PAGES[0])
        return agreed.Ground(int(browser.version.split(".")[0]), letters_of(browser))


def _all_of_them(thumbs: dict[str, dict[Look, sheets.Thumb]]) -> Image.Image:
    """Each page once on the desktop and once on the phone, in light and in dark by turns."""
    wanted = (Look("light", "ltr", "desktop"), Look("dark", "rtl", "phone"))
    chosen = [looks[look] for looks in thumbs.values() for look in wanted if look in looks]
    return sheets.sheet(sheets.in_rows(chosen, 12))


def _conclude(passed: int, complaints: list[str]) -> int:
    for line in complaints:
        print(f"looks: {line}")
    print(f"{passed} passed, {len(complaints)} failed")
    return 1 if complaints else 0


class _Progress:
    """How far it is, on one line of a terminal."""

    def __init__(self, whole: int) -> None:
        self.whole, self.done, self.began = whole, 0, time.monotonic()

    def one_more(self) -> None:
        self.done += 1
        if sys.stderr.isatty():
            print(f"\rlooks: {self.done} of {self.whole}", end="", file=sys.stderr, flush=True)

    def end(self, what: str) -> None:
        if sys.stderr.isatty():
            print(file=sys.stderr)
        print(f"looks: {self.done} {what} ({time.monotonic() - self.began:.0f} s)")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run looks", description=__doc__)
    parser.add_argument("names", metavar="NAME", nargs="*", help="a page or a group of pages; none: all of them")
    parser.add_argument("--agreed", type=Path, default=agreed.AGREED, metavar="DIR", help="where the agreed set is")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="say what pages there are, and in which groups")
    what.add_argument("--agree", action="store_true", help="make the pages as they are now the agreed set")
    what.add_argument("--bear", action="store_true", help="say what runs over, is cut, overlaps or is too small")
    what.add_argument("--compare", action="store_true", help="compare the pages with the agreed set")
    return parser


def _complain(why: str) -> int:
    print(f"looks: {why}", file=sys.stderr)
    return ASKED_WRONGLY


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
