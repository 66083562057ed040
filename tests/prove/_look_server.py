"""The server form for `./run prove look`: web, relay and worker apart, as the units say, and a hundred who rehearse."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tests.deploy import scenes
from tests.deploy.house import NGINX, Apart

PARTICIPANTS = 100
MINUTES = 1.0
NEEDED = {"nginx": NGINX, "openssl": shutil.which("openssl")}
# In this order: the last one ends the services.
SCENES: dict[str, Callable[[Apart], str]] = {
    "all is ready": scenes.all_is_ready,
    "headers through nginx": scenes.pages_have_their_headers,
    "no JavaScript, and web is killed": scenes.a_page_without_javascript_speaks_and_pages_may_fall,
    f"{PARTICIPANTS} people, and the relay is killed": partial(
        scenes.books_balance, participants=PARTICIPANTS, minutes=MINUTES
    ),
    "no log knows who came": scenes.nobody_is_written_down,
    "told to stop": scenes.told_to_stop_they_end_well,
}

Finding = tuple[str, bool, str]


def steps() -> Iterator[Finding]:
    """Each scene by its name, whether it held, and what was seen."""
    lacking = [name for name, found in NEEDED.items() if not found]
    if lacking:
        yield "the server form", False, f"needs {' and '.join(lacking)}"
        return
    try:
        with Apart(TERTULIA_NEWCOMERS_PER_MINUTE="1000", TERTULIA_LEASE_SECONDS="10") as house:
            scenes.import_festival(house)
            for name, scene in SCENES.items():
                yield _played(f"server: {name}", scene, house)
    except (AssertionError, OSError, RuntimeError) as fault:
        yield "the server form begins", False, f"{type(fault).__name__}: {fault}"


def _played(name: str, scene: Callable[[Apart], str], house: Apart) -> Finding:
    try:
        # In a thread of its own: the browser of an earlier step has left a loop running in this one.
        with ThreadPoolExecutor(1) as apart:
            return name, True, apart.submit(scene, house).result()
    # Whatever a scene stumbles over is a finding, and the next one is played.
    except Exception as stumble:  # noqa: BLE001
        return name, False, f"{type(stumble).__name__}: {stumble}"
