"""`./run prove look`: every page is readable by all, valid, light and quick on a slow phone; the server form holds."""

from __future__ import annotations

import sys
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

from playwright.sync_api import Browser

from tests.journeys import markup, phone
from tests.journeys.browser import CHROMIUM, FLAGS, chromium
from tests.journeys.measures import MOST_BYTES, SCHEMES
from tests.journeys.walk import Seen, of_ours, walk
from tests.looks.house import Houses
from tests.looks.pages import PAGES, Page
from tests.looks.visit import LANGUAGES, Look, address
from tests.prove._steps import Outcome, Step, Unproved, prove

SERVER = "tests.prove._look_server"
# One page of each kind that a person opens with a GET.
KINDS = (
    "front",
    "events",
    "event-out",
    "programme",
    "session-now",
    "contributor",
    "come-in",
    "come-back",
    "way-back",
    "my-place",
    "room-with-talk",
    "preferences",
    "gallery",
    "programme-of-900",
)
TRIES = 3


class Stage:
    """What the steps share: houses, a browser, and the walk, which is made once."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    @cached_property
    def houses(self) -> Houses:
        """The houses of the inventory, each started when it is first asked for."""
        return self._stack.enter_context(Houses())

    @cached_property
    def browser(self) -> Browser:
        """The system's Chromium."""
        return self._stack.enter_context(chromium())

    @cached_property
    def seen(self) -> Seen:
        """What the thorough walk found."""
        return walk(self.browser, self.houses, of_ours(PAGES), thorough=True)

    def journeys(self) -> Iterator[Outcome]:
        """On every page, in both directions and sizes: axe in every scheme, keyboard, targets, no other site."""
        pages = len(of_ours(PAGES))
        print(f"{pages} pages × {len(LANGUAGES)} directions × phone and desktop × {len(SCHEMES)} schemes", flush=True)
        for measure, times in self.seen.taken.items():
            yield _outcome(measure, f"taken {times} times", self.seen.faults[measure])

    def valid(self) -> Iterator[Outcome]:
        """Every page is valid HTML, by the Nu checker's errors and warnings."""
        try:
            faults = markup.faults_in(self.seen.html)
        except markup.NoChecker as missing:
            raise Unproved(str(missing)) from missing
        yield _outcome("vnu", f"{len(self.seen.html)} pages read", faults)

    def budgets(self) -> Iterator[Outcome]:
        """No page is over its budget of bytes on the wire."""
        for what, most in MOST_BYTES.items():
            weights = {place: weights[what] for place, weights in self.seen.weights.items()}
            heaviest = max(weights, key=lambda place: weights[place])
            over = [f"{place}: {weight} bytes" for place, weight in weights.items() if weight > most]
            told = f"{len(weights)} pages weighed, the heaviest is {heaviest} with {weights[heaviest]} of {most} bytes"
            yield _outcome(what, told, over)

    def lighthouse(self) -> Iterator[Outcome]:
        """Lighthouse's four scores on one page of each kind, on its slow phone; the best of three for performance."""
        if not phone.LIGHTHOUSE.exists():
            raise Unproved("Lighthouse is not here: `./run prove look` installs it")
        inventory = {page.name: page for page in PAGES}
        for name in KINDS:
            yield self._asked(inventory[name])

    def server(self) -> Iterator[Outcome]:
        """The server form: web, relay and worker apart, behind nginx."""
        if find_spec(SERVER) is None:
            raise Unproved(f"there is no {SERVER} here; its steps() gives (name, passed, seen) for each thing it tries")
        for name, passed, seen in import_module(SERVER).steps():
            yield Outcome(name, passed, seen)

    def _asked(self, page: Page) -> Outcome:
        house = self.houses[page.house]
        carried = [house.cookies[name] for name in page.carries] + ([("s", house.people[page.who])] if page.who else [])
        cookies = "; ".join(f"{name}={value}" for name, value in carried)
        where = address(house, page, Look())
        asked: dict[str, Any] = {"cookies": cookies, "hidden": _asks_to_be_hidden(where, cookies)}
        words, failures = _best(lambda: phone.word_on(where, chromium=CHROMIUM, flags=FLAGS, **asked))
        if not words:
            return Outcome(page.name, False, "; ".join(failures))
        best = max(words, key=lambda word: word.scores["performance"])
        scores = ", ".join(f"{name} {score}" for name, score in best.scores.items())
        measured = ", ".join(f"{name} {value:.4g}" for name, value in best.measured.items())
        failed = f"; not passed: {', '.join(best.failed)}" if best.failed else ""
        told = f"tried {len(words) + len(failures)} times: {scores} ({measured}){failed}"
        return Outcome(page.name, not best.too_low, told)


def main(chosen: list[str]) -> int:
    """Try everything, or only the steps `chosen` by name; 1 when something failed, 2 for a step there is none of."""
    with ExitStack() as stack:
        stage = Stage(stack)
        steps: dict[str, Step] = {
            "journeys": stage.journeys,
            "valid": stage.valid,
            "budgets": stage.budgets,
            "lighthouse": stage.lighthouse,
            "server": stage.server,
        }
        return prove("look", steps, chosen)


def _asks_to_be_hidden(where: str, cookies: str) -> bool:
    """Whether the page, or robots.txt for it, asks search engines not to list it."""
    rules = RobotFileParser(urljoin(where, "/robots.txt"))
    rules.read()
    request = urllib.request.Request(where, headers={"Cookie": cookies})  # noqa: S310 - our own house, on loopback
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        said = answer.read() + (answer.headers["X-Robots-Tag"] or "").encode()
    return not rules.can_fetch("*", where) or b"noindex" in said


def _best(ask: Callable[[], phone.Word]) -> tuple[list[phone.Word], list[str]]:
    """Words until one is high enough, and why one was not given.

    Other work on the machine makes a page slower, and nothing makes it quicker.
    """
    words: list[phone.Word] = []
    failures: list[str] = []
    while len(words) + len(failures) < TRIES and (not words or words[-1].too_low):
        try:
            words.append(ask())
        except phone.NoLighthouse as missing:
            failures.append(str(missing))
    return words, failures


def _outcome(name: str, told: str, faults: Iterable[str]) -> Outcome:
    found = list(faults)
    listed = "".join(f"\n    {fault}" for fault in found)
    return Outcome(name, not found, f"{told}, {len(found)} faults{listed}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
