"""No page asks anything of another site: every address, opened in Chromium, in a network of one machine.

The long form, with all roles and languages and the screens of libraries, is a step of `./run prove people`.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.architecture.routes import neighbours, routes
from tests.journeys import closed
from tests.journeys.closed_rows import SHORT

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]


def walked(*words: str) -> dict[str, Any]:
    """What a walk saw; skipped where there can be no network of its own."""
    lacking = closed.lacking()
    if lacking:
        pytest.skip(lacking)
    done = closed.inside("tests.journeys.closed_walk", *words)
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return seen


def test_no_page_asks_anything_of_another_site() -> None:
    rows = [*routes(), *(sample for neighbour in neighbours() for sample in neighbour.samples)]
    number = sum(1 for row in rows if row.get)
    assert walked() == {
        "opened": dict.fromkeys(SHORT, number),
        "astray": [],
        "off_origin": [],
        "calls": [],
        "missed": 0,
    }


def test_a_careless_page_is_found_in_the_list_of_requests_and_on_the_wire() -> None:
    seen = walked("--careless", "--named", "home:privacy")
    assert {urlsplit(address).hostname for address in seen["off_origin"]} == {"fonts.example"}
    names = {call.removeprefix("name ") for call in seen["calls"] if call.startswith("name ")}
    assert names == {"fonts.example", "stun.example"}
    packets = {call for call in seen["calls"] if closed.ANSWER in call}
    assert packets == {f"tcp {closed.ANSWER}:80", f"udp {closed.ANSWER}:3478"}
