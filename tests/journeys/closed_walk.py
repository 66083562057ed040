"""`python -m tests.journeys.closed_walk`: every address of the authorisation matrix, opened in Chromium by every role.

It is run in a network of one machine (`tests/journeys/closed.py`) and prints, as JSON, how much was opened, what pages
asked of other sites, and who was called from this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, CDPSession, Error, Page, Response, async_playwright

from tests.ground.served import Served
from tests.ground.store import SqliteStore
from tests.journeys.closed import Wire
from tests.looks.browser import CHROMIUM, FLAGS

if TYPE_CHECKING:
    from tests.journeys.closed_rows import Visit

# Whom Chromium calls by itself, whatever other flags say; it does not find them here. Nothing in a page brings it to
# the first two; the last it asks what the fields of a form mean, wherever it sees one, and no page can forbid that.
ITS_OWN = ("update.googleapis.com", "accounts.google.com", "content-autofill.googleapis.com")
QUIETLY = [*FLAGS, f"--host-resolver-rules={','.join(f'MAP {name} ~NOTFOUND' for name in ITS_OWN)}"]
PATIENCE = 30_000  # milliseconds, on a machine with other work
QUIET, SOON = 0.2, 5.0  # seconds without a request; and after how many a page is left that is never quiet
AFTERWARDS = 1.0  # seconds for what a browser still does once its pages are closed
WALKERS = 3
# What a browser may look up in advance for a page, and other flags keep this one from.
HINTS = "[...document.querySelectorAll('link[href]')].map((one) => one.href)"
STAY_OPEN = {"EventSource", "WebSocket"}
SITES = {"http", "https", "ws", "wss"}


@dataclass
class Report:
    """How many addresses each role opened, what went otherwise than declared, and who was called."""

    opened: dict[str, int] = field(default_factory=dict)
    astray: list[str] = field(default_factory=list)
    off_origin: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    missed: int = 0


class Careless(Served):
    """The server with two careless things in it: see `tests/journeys/careless.py`."""

    def _line(self, *words: str) -> list[str]:
        if words[:1] != ("serve",):
            return super()._line(*words)
        return [sys.executable, "-m", "tests.journeys.careless", str(self.port)]


class Requests:
    """What a tab asks for, as the browser tells it: what is still on its way, and what goes to another origin."""

    def __init__(self, home: str, off_origin: list[str]) -> None:
        self._home = urlsplit(home).netloc
        self._off_origin = off_origin
        self._open: set[str] = set()
        self._moved = 0.0

    def note(self, url: str) -> None:
        """Keep the address if it is another origin's."""
        parts = urlsplit(url)
        if parts.scheme in SITES and parts.netloc != self._home:
            self._off_origin.append(url)

    def watch(self, cdp: CDPSession) -> None:
        """Listen to a tab."""
        cdp.on("Network.requestWillBeSent", self._begin)
        cdp.on("Network.webSocketCreated", lambda told: self.note(told["url"]))
        for event in ("Network.loadingFinished", "Network.loadingFailed"):
            cdp.on(event, self._end)

    async def quiet(self) -> None:
        """Wait until nothing is on its way any more, but for streams that stay open; then forget what was."""
        now = asyncio.get_running_loop().time
        began = self._moved = now()
        while now() - began < SOON and (self._open or now() - self._moved < QUIET):  # noqa: ASYNC110
            # Silence is no event that could be waited for.
            await asyncio.sleep(0.02)
        self._open.clear()

    def _begin(self, told: dict[str, Any]) -> None:
        self.note(told["request"]["url"])
        if told.get("type") not in STAY_OPEN:
            self._open.add(told["requestId"])
        self._moved = asyncio.get_running_loop().time()

    def _end(self, told: dict[str, Any]) -> None:
        self._open.discard(told["requestId"])
        self._moved = asyncio.get_running_loop().time()


async def walk(house: Served, left: list[Visit], report: Report) -> None:
    """Open everything, and wait at each page until it is quiet."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        shares = [left[start::WALKERS] for start in range(WALKERS)]
        await asyncio.gather(*(_walk(browser, house, share, report) for share in shares))
        await browser.close()
        await asyncio.sleep(AFTERWARDS)


async def _walk(browser: Browser, house: Served, share: list[Visit], report: Report) -> None:
    context = await browser.new_context()
    context.set_default_timeout(PATIENCE)
    tab, requests = await context.new_page(), Requests(house.url, report.off_origin)
    cdp = await context.new_cdp_session(tab)
    requests.watch(cdp)
    await cdp.send("Network.enable")
    for visit in share:
        # What the last page left, such as a ticket or a language, is not taken along.
        await context.clear_cookies()
        if visit.cookie:
            await context.add_cookies([{"name": "s", "value": visit.cookie, "url": house.url}])
        await _visit(tab, house, visit, report)
        await requests.quiet()
        for address in await _hints(tab, requests):
            requests.note(address)
        report.opened[visit.role] = report.opened.get(visit.role, 0) + 1
    await context.close()


async def _hints(tab: Page, requests: Requests) -> list[str]:
    """What the page lets a browser look up; of a page that went on by itself meanwhile, that of the next."""
    try:
        found: list[str] = await tab.evaluate(HINTS)
    except Error:
        await requests.quiet()
        found = await tab.evaluate(HINTS)
    return found


async def _visit(tab: Page, house: Served, visit: Visit, report: Report) -> None:
    try:
        status = await _first_status(await tab.goto(f"{house.url}{visit.path}"))
    except Error as fault:
        # A file is laid down, and the tab stays where it was; and so it does where there is nothing to show (204).
        # A refusal without a word in it is shown as the browser's own page.
        silent = ("Download is starting", "ERR_ABORTED", *(() if visit.accepted else ("RESPONSE_CODE_FAILURE",)))
        if not any(words in fault.message for words in silent):
            report.astray.append(f"{visit.about} as {visit.role}: {fault.message.splitlines()[0]}")
        return
    if visit.accepted and status not in visit.accepted:
        report.astray.append(f"{visit.about} as {visit.role}: {status}, declared {sorted(visit.accepted)}")


async def _first_status(response: Response | None) -> int:
    """The status of the address itself, and not of where it led."""
    while response and response.request.redirected_from:
        response = await response.request.redirected_from.response()
    return response.status if response else 0


def main(words: list[str]) -> None:
    """Serve a house, walk through it as each role, and say what was seen."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--thorough", action="store_true")
    parser.add_argument("--careless", action="store_true")
    parser.add_argument("--named", default="")
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="tertulia-walk-") as folder:
        _set_up(folder)
        SqliteStore(Path(folder)).lay()
        house = (Careless if asked.careless else Served)(Path(folder))
        print(json.dumps(asdict(_walked(house, thorough=asked.thorough, named=asked.named))))


def _set_up(folder: str) -> None:
    import django

    os.environ |= {"TERTULIA_DATA": folder, "TERTULIA_KEYS": "", "DATABASE_URL": ""}
    os.environ["DJANGO_SETTINGS_MODULE"] = "tertulia.project.settings"
    from tertulia.project.catalogues import compile_catalogues

    compile_catalogues()
    django.setup()


def _walked(house: Served, *, thorough: bool, named: str) -> Report:
    from django.db import connections

    from tests.journeys.closed_rows import roles, visits

    report, wire = Report(), Wire()
    house.start()
    try:
        for role in roles(thorough=thorough):
            # Just before they are opened: sessions and links end by the minute.
            left = list(visits(role, thorough=thorough, named=named))
            connections.close_all()
            asyncio.run(walk(house, left, report))
    finally:
        house.stop()
    report.calls, report.missed = wire.calls, wire.missed()
    return report


if __name__ == "__main__":
    main(sys.argv[1:])
