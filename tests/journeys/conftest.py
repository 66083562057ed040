"""A real browser that finds every error on the console and every request that leaves this site."""

from __future__ import annotations

import gzip
import os
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

# Playwright keeps an event loop in the thread of the test, which then asks the database as usual.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

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
HERE = {"127.0.0.1", "localhost"}
PATIENCE = 20_000  # milliseconds, on a machine with other work

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def faults() -> list[str]:
    """What went wrong in the browser; a test that expects a fault takes it out."""
    return []


@pytest.fixture
def open_page(browser: Browser, faults: list[str]) -> Iterator[OpenPage]:
    """Opens a page in a fresh context with Playwright's options for one; at the end nothing may have gone wrong."""
    contexts: list[BrowserContext] = []

    def open_one(**options: Any) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch(page, faults)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """One page of a fresh visitor."""
    return open_page()


def watch(page: Page, faults: list[str]) -> None:
    """Note in `faults` what the console complains of, what a script throws and what is asked of another site."""

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            faults.append(f"console: {message.text} ({message.location.get('url')})")

    def on_request(address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in HERE:
            faults.append(f"off this site: {address}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("request", lambda request: on_request(request.url))


def axe_finds(page: Page) -> list[str]:
    """What axe holds against the page as it stands: the rule and the first element of each violation."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{found['id']}: {found['nodes'][0]['target']} {found['nodes'][0]['failureSummary']}" for found in violations
    ]


def weight_of(addresses: set[str], context: BrowserContext) -> int:
    """Bytes of what a page loads, each compressed by itself; streams, which go on, are not counted."""
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())
    total = 0
    for address in addresses:
        if "/stream/" not in address:
            request = urllib.request.Request(address, headers={"Cookie": cookies})  # noqa: S310 - this machine
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                total += len(gzip.compress(answer.read()))
    return total
