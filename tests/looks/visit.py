"""Walking to a page of the inventory in a browser: as whom, in which scheme, direction and width."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, product
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Response, ViewportSize
from playwright.sync_api import Page as Tab

from tests.looks.browser import Browsers
from tests.looks.house import Houses, Site
from tests.looks.pages import Condition, Page
from tests.looks.stand import MOMENT

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
SIZES: dict[str, ViewportSize] = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 800}}
_visits = count()
LANGUAGES = {"ltr": "en", "rtl": "ar"}
PATIENCE = 20_000  # milliseconds, on a machine with other work
# Wagtail's screens slide and fade, whatever one asks for; ours do neither.
# What is laid out when it comes near the window comes near at once: the picture is of the whole page.
AT_REST = """const rest = new CSSStyleSheet();
rest.replaceSync("*, ::before, ::after { transition: none !important; animation: none !important } " +
  ".programme.long > .session { content-visibility: visible !important }");
document.adoptedStyleSheets = [rest];"""
# A page is there when its fonts and pictures are. No timer and no frame is waited for: without scripts none comes.
SETTLED = """async () => {
  await document.fonts.ready;
  await Promise.all([...document.images].filter((one) => !one.complete && one.loading !== "lazy")
    .map((one) => new Promise((done) => { one.onload = one.onerror = done; })));
  document.documentElement.getBoundingClientRect();
}"""


class Astray(Exception):  # noqa: N818 - a finding
    """The page is not what the inventory says; `str()` says which page and what came instead."""


@dataclass(frozen=True)
class Look:
    """How a page is looked at: `scheme` light or dark, `direction` ltr or rtl, `size` phone or desktop."""

    scheme: Scheme = "light"
    direction: str = "ltr"
    size: str = "desktop"

    def __str__(self) -> str:
        return f"{self.scheme}-{self.direction}-{self.size}"


EVERY_LOOK = tuple(Look(scheme, direction, size) for direction, size, scheme in product(LANGUAGES, SIZES, SCHEMES))

# How one reads in a room is remembered by its tab; here each page is seen as if in a new one.
FORGET = "try { sessionStorage.clear(); } catch {}"


def looks_of(page: Page) -> tuple[Look, ...]:
    """All eight; on paper and without style sheets there are no schemes, and paper has one size."""
    bare = page.condition in {Condition.NO_STYLES, Condition.PRINTED}
    looks = [look for look in EVERY_LOOK if look.scheme == "light" or not bare]
    return tuple(look for look in looks if look.size == "desktop" or page.condition != Condition.PRINTED)


@contextmanager
def visited(
    browser: Browser, houses: Houses | Mapping[str, Site], page: Page, look: Look, **options: Any
) -> Iterator[Tab]:
    """A tab that shows the page, in a fresh context; `options` go to Playwright's context.

    Astray if the page is not the one that the inventory describes.
    """
    context = new_context(browser, page, look, **options)
    try:
        tab = context.new_page()
        go(tab, houses[page.house], page, look)
        yield tab
    finally:
        context.close()


class Tabs:
    """Tabs that are used again, so that many pages are soon walked; no cookie is carried from page to page.

    Of one page, another scheme or width is the same page told so; where scripts have a hand in it, in rooms and on
    staff screens, each look is asked for anew.
    """

    def __init__(self, browsers: Browsers) -> None:
        self._browsers = browsers
        self._open: dict[tuple[str, str], Tab] = {}
        self._showing: dict[tuple[str, str], tuple[str, str]] = {}

    def at(self, sites: Houses | Mapping[str, Site], page: Page, look: Look) -> Tab:
        """A tab that shows the page in that look; Astray as for `visited`."""
        key = (look.direction, _kept_apart(page))
        tab = self._open.get(key) or self._new(key, page, look)
        shown = (page.name, str(look) if page.ready else "")
        tab.set_viewport_size(SIZES[look.size])
        tab.emulate_media(color_scheme=look.scheme)
        if self._showing.get(key) != shown:
            self._showing.pop(key, None)
            tab.context.clear_cookies()
            go(tab, sites[page.house], page, look)
            self._showing[key] = shown
        tab.evaluate(SETTLED)
        return tab

    def close(self) -> None:
        """Close them all."""
        for tab in self._open.values():
            tab.context.close()

    def _new(self, key: tuple[str, str], page: Page, look: Look) -> Tab:
        self._open[key] = new_context(self._browsers.for_page(page), page, look).new_page()
        return self._open[key]


def _kept_apart(page: Page) -> str:
    """Why a page needs tabs that no other page uses; "" for most."""
    if page.condition != Condition.USUAL:
        return page.condition
    return page.name if page.headers or page.asks_for else ""


def options_for(page: Page, look: Look) -> dict[str, Any]:
    """What a browser context needs to be told for this page and look."""
    return {
        "viewport": SIZES[look.size],
        "color_scheme": look.scheme,
        "locale": page.asks_for or {"ltr": "en-GB", "rtl": "ar"}[look.direction],
        "timezone_id": "America/Bogota",
        "reduced_motion": "reduce",
        "java_script_enabled": page.condition != Condition.NO_SCRIPTS,
        "extra_http_headers": {name: value.format(number=next(_visits) % 250) for name, value in page.headers.items()},
    }


def new_context(browser: Browser, page: Page, look: Look, **options: Any) -> BrowserContext:
    """A context for this page and look, whose clock stands still and in which nothing moves by itself."""
    context = browser.new_context(**(options_for(page, look) | options))
    context.set_default_timeout(PATIENCE)
    if page.condition != Condition.NO_SCRIPTS:
        context.clock.set_fixed_time(MOMENT)
        context.add_init_script(AT_REST)
        context.add_init_script(FORGET)
    if page.condition == Condition.NO_STYLES:
        context.route("**/*.css", lambda route: route.abort())
    return context


def go(tab: Tab, site: Site, page: Page, look: Look) -> None:
    """Lead the tab, of a context that `new_context` made, to the page as it stands in the inventory; Astray."""
    _carry(tab.context, site, page)
    answer = tab.goto(address(site, page, look))
    if page.loses_cookies:
        tab.context.clear_cookies()
    if page.sends:
        for _time in range(page.tries + 1):
            answer = send(tab, page.sends)
            # Whoever was here before may have used the tries up.
            if answer and answer.status == page.status:
                break
    if answer is None or answer.status != page.status:
        raise Astray(f"{page.name} ({look}): answered {answer and answer.status} instead of {page.status}")
    if page.condition == Condition.PRINTED:
        tab.emulate_media(media="print")
    if page.ready:
        tab.wait_for_selector(page.ready, state="attached")
    tab.evaluate(SETTLED)


def _carry(context: BrowserContext, site: Site, page: Page) -> None:
    """Give the context what it carries there: a session, and further cookies."""
    carried = [site.cookies[name] for name in page.carries]
    if page.who:
        carried.append(("s", site.people[page.who]))
    context.add_cookies([{"name": name, "value": value, "url": site.url} for name, value in carried])


def address(site: Site, page: Page, look: Look) -> str:
    """The whole address of the page in the language of the look; staff screens follow the browser's."""
    language = LANGUAGES[look.direction]
    prefix = "" if language == "en" or page.is_staff_screen else f"/{language}"
    return f"{site.url}{prefix}{page.path.format_map(site.places)}"


def send(tab: Tab, fields: Mapping[str, str | Path]) -> Response | None:
    """Fill in the form that has these fields and send it, or press the one button of the page's form; the answer."""
    form = tab.locator("main form").first
    for name, value in fields.items():
        place = tab.locator(f"[name='{name}']").first
        form = tab.locator("form", has=tab.locator(f"[name='{name}']")).first
        if isinstance(value, Path):
            place.set_input_files(value)
        elif place.evaluate("place => place.tagName") == "SELECT":
            place.select_option(value)
        else:
            place.fill(value)
    answers: list[Response] = []

    def note(answer: Response) -> None:
        if answer.request.is_navigation_request() and urlsplit(answer.url).scheme.startswith("http"):
            answers.append(answer)

    tab.on("response", note)
    with tab.expect_navigation():
        form.locator("[type=submit]").first.click()
    tab.remove_listener("response", note)
    return answers[-1] if answers else None
