"""A walk through the whole inventory in one browser: each page is visited once for all measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import product

from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from tests.journeys.browser import watch
from tests.journeys.keyboard import cannot_be_walked, escape_fails, skip_link_fails
from tests.journeys.measures import (
    AXE,
    OF_COLOURS,
    OPEN_ALL,
    SCHEMES,
    Load,
    axe_finds,
    blanks,
    runs_over,
    set_scheme,
    small_targets,
    too_heavy,
)
from tests.looks.house import Houses, Site
from tests.looks.pages import PAGES, Condition, Page
from tests.looks.visit import FORGET, LANGUAGES, PATIENCE, SIZES, Astray, Look, go, options_for

# What is reached by keyboard comes first, while the tab stands where a reader begins.
BY_KEYBOARD: dict[str, Callable[[Tab], list[str]]] = {
    "keyboard": cannot_be_walked,
    "skip link": skip_link_fails,
    "escape": escape_fails,
}
BY_SIGHT: dict[str, Callable[[Tab], list[str]]] = {
    "targets": small_targets,
    "overflow": runs_over,
    "title and description": blanks,
}


@dataclass
class Seen:
    """What a walk found: faults by measure, how often each measure was taken, what pages weigh, and their HTML."""

    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    taken: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    weights: dict[str, dict[str, int]] = field(default_factory=dict)
    html: dict[str, str] = field(default_factory=dict)

    def note(self, measure: str, place: str, found: Iterable[str]) -> None:
        """Count one measure taken at a place, and what it found there."""
        self.taken[measure] += 1
        self.faults[measure] += [f"{place}: {fault}" for fault in found]


def walk(browser: Browser, houses: Houses, pages: Iterable[Page], *, thorough: bool = False) -> Seen:
    """Visit the `pages`, every other one in the other direction, and take every measure.

    On a phone, and in the second and third scheme only with those of axe's rules that are about colours.
    `thorough`: on both sizes, in both directions, with all of axe in all schemes.
    """
    seen = Seen()
    looks = [Look("light", *parts) for parts in product(LANGUAGES, SIZES if thorough else ("phone",))]
    walkers = [Walker(browser, look, seen, thorough=thorough) for look in looks]
    for number, page in enumerate(pages):
        for walker in walkers if thorough else [walkers[number % len(walkers)]]:
            walker.visit(page, houses[page.house])
    for walker in walkers:
        walker.close()
    return seen


def of_ours(pages: Iterable[Page]) -> list[Page]:
    """Those that are ours from end to end: not the staff screens, and each once, under the usual condition."""
    return [page for page in pages if page.condition == Condition.USUAL and not page.is_staff_screen]


class Walker:
    """One tab that goes from page to page; nothing is carried from one to the next."""

    def __init__(self, browser: Browser, look: Look, seen: Seen, *, thorough: bool) -> None:
        self.look, self.seen, self.thorough = look, seen, thorough
        self.context = browser.new_context(**options_for(PAGES[0], look))
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(AXE)
        self.context.add_init_script(FORGET)
        self.tab = self.context.new_page()
        self.load = Load(self.tab)
        self.complaints: list[str] = []
        watch(self.tab, self.complaints)

    def visit(self, page: Page, site: Site) -> None:
        """Go there and take every measure."""
        place = f"{page.name} ({self.look.direction}, {self.look.size})"
        self.context.clear_cookies()
        self.context.set_extra_http_headers(dict(page.headers))
        self.complaints.clear()
        try:
            go(self.tab, site, page, self.look)
        except Astray as fault:
            self.seen.note("as listed", place, [str(fault)])
            return
        self.seen.note("as listed", place, [])
        self.seen.html[place] = self.load.html
        self.seen.weights[place] = self.load.weights()
        self.seen.note("weight", place, too_heavy(self.seen.weights[place]))
        self._measure(place)
        self.seen.note("console and other sites", place, _unexpected(self.complaints, page))

    def close(self) -> None:
        """Close the tab."""
        self.context.close()

    def _measure(self, place: str) -> None:
        for name, measure in BY_KEYBOARD.items():
            self.seen.note(name, place, measure(self.tab))
        self.tab.evaluate(OPEN_ALL)
        for name, measure in BY_SIGHT.items():
            self.seen.note(name, place, measure(self.tab))
        for scheme in SCHEMES:
            set_scheme(self.tab, scheme)
            is_full = self.thorough or scheme == SCHEMES[0]
            self.seen.note("axe", f"{place}, {scheme}", axe_finds(self.tab, () if is_full else OF_COLOURS))


def _unexpected(complaints: list[str], page: Page) -> list[str]:
    """Without what the browser says of a page that is answered with a refusal, as the inventory says it is."""
    expected = tuple(f"server responded with a status of {status}" for status in ("4", "500", "503"))
    is_refusal = page.status >= HTTPStatus.BAD_REQUEST
    return [one for one in complaints if not is_refusal or not any(words in one for words in expected)]
