"""A real browser that finds every error on the console and every request that leaves this site."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.ground.served import Served
from tests.ground.store import SqliteStore
from tests.journeys.browser import chromium, watch
from tests.journeys.measures import axe_finds
from tests.programme.schedules import FILES

__all__ = ["OpenPage", "axe_finds"]

# Playwright keeps an event loop in the thread of the test, which then asks the database as usual.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PATIENCE = 20_000  # milliseconds, on a machine with other work

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    with chromium() as started:
        yield started


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


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The real server in a process of its own, with the small festival one-sky and its rooms."""
    served = Served(tmp_path_factory.mktemp("house"))
    SqliteStore(served.folder).lay()
    imported = served.command("event", "import", str(FILES / "festival.json"), "--slug", "one-sky")
    assert imported.returncode == 0, imported.stderr
    assert served.command("worker", "--drain").returncode == 0
    served.start()
    yield served
    assert served.stop() == 0, served.said()
