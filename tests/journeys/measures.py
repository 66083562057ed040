"""What is measured on a page as it stands in the browser; every measure gives a list, empty when all is well."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, Request, Response

AXE: str = AXE_SCRIPT
# Bytes on the wire.
MOST_BYTES = {"the page": 60_000, "styles": 12_000, "scripts": 20_000}
# CSS pixels: a fingertip; and for a short word, what WCAG 2.2 asks for at least.
LOWEST_TARGET, NARROWEST_TARGET = 44, 24
SCHEMES = ("light", "dark", "contrast")
# What another scheme can change: nothing else in a page depends on its colours.
OF_COLOURS = ("color-contrast", "link-in-text-block")
ASK_AXE = """(options) => axe.run(document, options).then((told) => told.violations.map((found) =>
  `${found.id}: ${found.nodes[0].target} ${found.nodes[0].failureSummary}`))"""
KINDS = {"stylesheet": "styles", "script": "scripts"}
NOT_COUNTED = {"image", "media", "eventsource"}

# A control's label is part of its target, and so is whatever else of it answers to a finger above and below its box.
# Not asked: what is hidden until it is reached by keyboard, and links inside a sentence.
TARGETS = """([least, narrowest]) => {
  const asked = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  const answers = (target, x, y) => target.contains(document.elementFromPoint(x, y));
  const tall = (target) => {
    if (target.getBoundingClientRect().height >= least - 0.1) return true;
    target.scrollIntoView({ block: "center", behavior: "instant" });
    const box = target.getBoundingClientRect();
    const x = box.left + box.width / 2, y = box.top + box.height / 2, reach = least / 2 - 1;
    return answers(target, x, y - reach) && answers(target, x, y + reach);
  };
  const found = [...document.querySelectorAll(asked)]
    .map((target) => target.closest("label") ?? target)
    .filter((target) => target.getClientRects().length && target.checkVisibility({ visibilityProperty: true }))
    .filter((target) => !target.matches(".skip, .prose a, p:not(.acts) > a"))
    .filter((target) => !tall(target) || target.getBoundingClientRect().width < narrowest)
    .map((target) => [target.outerHTML.slice(0, 90), target.getBoundingClientRect()])
    .map(([html, box]) => `${html} is ${Math.round(box.width)} × ${Math.round(box.height)} pixels`);
  scrollTo(0, 0);
  return found;
}"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
BLANKS = """() => [["title", document.title],
  ["description", document.querySelector("meta[name=description]")?.content ?? "none"]]
  .filter(([_what, words]) => !words.trim()).map(([what]) => `its ${what} is blank`)"""
OPEN_ALL = "document.querySelectorAll('details').forEach((more) => { more.open = true; })"


def set_scheme(page: Page, scheme: str) -> None:
    """Show the page in a `scheme`: light and dark as the device asks for them, contrast as the server writes it."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    asked = "document.documentElement.dataset.scheme = 'contrast'"
    page.evaluate(asked if scheme == "contrast" else "delete document.documentElement.dataset.scheme")


def axe_finds(page: Page, only: tuple[str, ...] = ()) -> list[str]:
    """What axe holds against the page as it stands, by all its rules or `only` these: rule and first element."""
    # Wagtail's screens bring one along, with a choice of rules of its own.
    if not page.evaluate("'axe' in window && window.axe === window.ourAxe"):
        page.evaluate(AXE)
        page.evaluate("window.ourAxe = window.axe")
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if only:
        options["runOnly"] = {"type": "rule", "values": list(only)}
    found: list[str] = page.evaluate(ASK_AXE, options)
    return found


def small_targets(page: Page) -> list[str]:
    """Controls that are lower than a fingertip, or too narrow to be found."""
    found: list[str] = page.evaluate(TARGETS, [LOWEST_TARGET, NARROWEST_TARGET])
    return found


def runs_over(page: Page) -> list[str]:
    """How far the page is wider than the window."""
    wider: int = page.evaluate(OVERFLOW)
    return [f"{wider} pixels wider than the window"] if wider else []


def blanks(page: Page) -> list[str]:
    """Whether the page goes without a title, or has a place for a description and nothing in it."""
    found: list[str] = page.evaluate(BLANKS)
    return found


class Load:
    """What a tab fetches for the page that it went to last, as if nothing were kept from before.

    Pictures and streams are not counted.
    """

    def __init__(self, tab: Page) -> None:
        self._finished: list[Request] = []
        self._document: Response | None = None
        tab.on("request", self._begin)
        tab.on("requestfinished", self._finish)
        tab.on("response", self._answer)
        session = tab.context.new_cdp_session(tab)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    @property
    def html(self) -> str:
        """The page as it was sent."""
        return self._document.text() if self._document else ""

    def weights(self) -> dict[str, int]:
        """Bytes on the wire of the whole page, of its styles and of its scripts, headers not counted."""
        weights = dict.fromkeys(MOST_BYTES, 0)
        for request in self._finished:
            size = request.sizes()["responseBodySize"]
            weights["the page"] += size
            if request.resource_type in KINDS:
                weights[KINDS[request.resource_type]] += size
        return weights

    def _begin(self, request: Request) -> None:
        if request.is_navigation_request():
            self._finished.clear()

    def _finish(self, request: Request) -> None:
        if request.resource_type not in NOT_COUNTED and request.url.startswith("http"):
            self._finished.append(request)

    def _answer(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self._document = response


def too_heavy(weights: dict[str, int]) -> list[str]:
    """What is over its budget."""
    over = {what: weight for what, weight in weights.items() if weight > MOST_BYTES[what]}
    return [f"{what}: {weight} bytes, the most is {MOST_BYTES[what]}" for what, weight in over.items()]
