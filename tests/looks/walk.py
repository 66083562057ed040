"""Many pages, many looks, side by side: each walker has browsers of its own and takes the next page when it is free."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from playwright.sync_api import Error, sync_playwright
from playwright.sync_api import Page as Tab

from tests.looks.browser import browsers
from tests.looks.house import Houses, Site
from tests.looks.pages import Page
from tests.looks.visit import Astray, Look, Tabs

WALKERS = 2
Looks = Callable[[Page], Iterable[Look]]
Each = Callable[[Tab, Page, Look], None]


@dataclass
class Walk:
    """A walk through `pages`, each in its `looks`, where `each` looks at what stands there.

    All looks of a page are seen one after the other: what a page does to a session, no other walker meets.
    `complaints` says what could not be seen.
    """

    pages: Sequence[Page]
    looks: Looks
    each: Each
    complaints: list[str] = field(default_factory=list)
    _sites: dict[str, Site] = field(default_factory=dict)
    _left: SimpleQueue[Page] = field(default_factory=SimpleQueue)

    def go(self, houses: Houses) -> None:
        """Walk until every page was seen."""
        for page in self.pages:
            self._sites[page.house] = houses[page.house]
            self._left.put(page)
        walkers = [threading.Thread(target=self._walk, daemon=True) for _walker in range(WALKERS)]
        for walker in walkers:
            walker.start()
        for walker in walkers:
            walker.join()

    def _walk(self) -> None:
        with sync_playwright() as playwright, browsers(playwright) as both:
            tabs = Tabs(both)
            while (page := self._next()) is not None:
                for look in self.looks(page):
                    self._see(tabs, page, look)
            tabs.close()

    def _next(self) -> Page | None:
        try:
            return self._left.get_nowait()
        except Empty:
            return None

    def _see(self, tabs: Tabs, page: Page, look: Look) -> None:
        try:
            self.each(tabs.at(self._sites, page, look), page, look)
        except Astray as astray:
            self.complaints.append(str(astray))
        except Error as fault:
            self.complaints.append(f"{page.name} ({look}): {fault.message.splitlines()[0]}")
