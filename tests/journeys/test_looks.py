"""Pictures of real pages: the same twice, not the same once something was changed, and as they were agreed upon."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from tests.looks import agreed, bearing
from tests.looks.agreed import Ground
from tests.looks.browser import NOTO
from tests.looks.house import Houses
from tests.looks.measure import USUAL, Difference
from tests.looks.pages import PAGES
from tests.looks.shots import shot
from tests.looks.visit import Look, visited
from tests.suite import ROOT

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
HERE = Look("light", "ltr", "desktop")
PAGE = {page.name: page for page in PAGES}
EVENT = PAGE["event-out"]
# What stands first in the talk of a room, and whether it ends right above the words below it.
TALK = """() => {
  const log = document.querySelector(".log");
  log.scrollIntoView({ block: "center" });
  const top = log.getBoundingClientRect().top;
  const words = log.querySelector(".msg > div").getBoundingClientRect();
  const first = document.elementFromPoint(words.left + words.width / 2, top + 16);
  const below = document.querySelector(".who-reads").getBoundingClientRect().top;
  const last = [...log.querySelectorAll(".msg")].at(-1).getBoundingClientRect().bottom;
  return { first: first.closest("p")?.className, "ends above the box": below > last && below - last < 24 };
}"""


@pytest.fixture(scope="module")
def houses() -> Iterator[Houses]:
    """The houses of the inventory."""
    with Houses() as served:
        yield served


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, browser: Browser, houses: Houses) -> Path:
    """An agreed set of one page."""
    place = tmp_path_factory.mktemp("agreed")
    agreed.begin(place, Ground(1, {}), whole=True)
    with visited(browser, houses, EVENT, HERE) as tab:
        agreed.keep(place, EVENT, HERE, shot(tab, agreed.HIGHEST))
    return place


def seen(browser: Browser, houses: Houses, folder: Path, style: str = "") -> Difference | None:
    """What the comparison says of the page once a style of ours was put on it."""
    with visited(browser, houses, EVENT, HERE, bypass_csp=True) as tab:
        if style:
            tab.add_style_tag(content=style)
        return agreed.compared(folder, EVENT, HERE, shot(tab, agreed.HIGHEST), USUAL)


def test_a_page_is_the_same_when_it_is_seen_again(browser: Browser, houses: Houses, folder: Path) -> None:
    assert [seen(browser, houses, folder) for _time in range(2)] == [None, None]


@pytest.mark.parametrize(
    "style",
    [
        ":root { --paper: #fbeeee !important }",
        ".night { --star: #b8ffe9 !important }",
        "h2 { visibility: hidden }",
        "main svg { visibility: hidden }",
        "main h2 { translate: 0 24px }",
        "html { font-size: 120% !important }",
    ],
    ids=["another paper", "another star", "headings gone", "drawings gone", "moved", "larger text"],
)
def test_what_was_changed_is_seen(style: str, browser: Browser, houses: Houses, folder: Path) -> None:
    assert seen(browser, houses, folder, style)


FAULTS = {
    "runs over": "main::after { content: ''; display: block; inline-size: 1400px; block-size: 1px }",
    "is cut": ".hero { block-size: 120px }",
    "overlaps": "h2 { position: absolute; inset-block-start: 0; inset-inline-start: 0 }",
    "is a small target": "main .button { padding: 0; min-block-size: 0; line-height: 1; display: inline-block }",
    "stars cross the letters": ".hero > .stars { opacity: 1; inset: 0; inline-size: 100%; block-size: 100% }",
}


@pytest.mark.parametrize("kind", FAULTS)
def test_what_a_page_does_not_bear_is_found(kind: str, browser: Browser, houses: Houses) -> None:
    with visited(browser, houses, EVENT, HERE, bypass_csp=True) as tab:
        before = {what for what in bearing.found(tab) if kind in what}
        tab.add_style_tag(content=FAULTS[kind])
        after = {what for what in bearing.found(tab) if kind in what}
    assert after - before


def test_a_line_that_ends_in_dots_has_to_say_the_whole_in_its_title(browser: Browser, houses: Houses) -> None:
    def cut(tab: Tab) -> list[str]:
        return [what for what in bearing.found(tab) if "is cut" in what]

    with visited(browser, houses, PAGE["long-programme"], HERE) as tab:
        before = cut(tab)
        tab.evaluate("document.querySelectorAll('[data-brief]').forEach((line) => { line.title = 'Rhabarber'; })")
        assert (before, len(cut(tab)) > 0) == ([], True)


@pytest.mark.parametrize("name", ["room-with-talk", "long-room"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_talk_begins_with_its_speaker_and_ends_above_the_box(
    name: str, size: str, browser: Browser, houses: Houses
) -> None:
    with visited(browser, houses, PAGE[name], Look("light", "ltr", size)) as tab:
        assert tab.evaluate(TALK) == {"first": "who", "ends above the box": True}


@pytest.mark.parametrize("name", ["error-404", "preferences"])
def test_a_page_that_bears_everything_is_not_complained_of(name: str, browser: Browser, houses: Houses) -> None:
    kinds = ("runs over", "is cut")
    with visited(browser, houses, PAGE[name], HERE) as tab:
        assert [what for what in bearing.found(tab) if any(kind in what for kind in kinds)] == []


def test_the_clock_of_the_houses_stands_still(browser: Browser, houses: Houses) -> None:
    with visited(browser, houses, EVENT, HERE) as tab:
        assert "Now" in tab.locator("main").inner_text()
        date = tab.request.get(f"{houses['festival'].url}/").headers["date"]
    assert date == "Thu, 18 Nov 2021 17:20:00 GMT"


def test_a_house_that_is_built_anew_looks_the_same(browser: Browser, houses: Houses) -> None:
    rooms = [page for page in PAGES if page.name in {"front", "contributor", "way-back", "room-with-talk"}]

    def pictures(served: Houses) -> list[bytes]:
        taken = []
        for page in rooms:
            with visited(browser, served, page, HERE) as tab:
                taken.append(shot(tab).tobytes())
        return taken

    with Houses() as others:
        assert [one == other for one, other in zip(pictures(houses), pictures(others), strict=True)] == [True] * 4


@pytest.mark.skipif(
    not NOTO.is_dir() and "CI" not in os.environ, reason="the fonts of the pictures are missing: fonts-noto-core"
)
def test_every_page_looks_as_was_agreed() -> None:
    """Measured by itself, because it has browsers of its own with fonts of their own."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("COVERAGE_", "COV_"))}
    line = [sys.executable, "-m", "tests.looks", "--compare"]
    done = subprocess.run(line, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    if "not compared" in done.stdout:
        pytest.skip(done.stdout.splitlines()[0])
    assert done.returncode == 0, done.stdout + done.stderr
