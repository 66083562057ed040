"""Every page in a network of one machine: what asks anything of another site is seen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.journeys import closed
from tests.prove._steps import Outcome, Unproved

WALK = "tests.journeys.closed_walk"


def walk() -> Iterator[Outcome]:
    """Chromium opens every address for every role, and in every language, and nobody else is called."""
    seen = _walked("--thorough")
    opened = sum(seen["opened"].values())
    yield Outcome("as declared", not seen["astray"], f"{opened} addresses opened: {_list(seen['astray'])}")
    yield Outcome("requests of pages", not seen["off_origin"], f"to other sites: {_list(seen['off_origin'])}")
    told = f"names asked for and lines begun: {_list(seen['calls'])}; {seen['missed']} packets not looked at"
    yield Outcome("on the wire", not seen["calls"] and not seen["missed"], told)
    careless = _walked("--careless", "--named", "home:privacy")
    found = sorted(set(careless["calls"]))
    yield Outcome("a careless page is found", bool(careless["off_origin"]) and len(found) > 1, f"seen: {_list(found)}")


def _walked(*words: str) -> dict[str, Any]:
    lacking = closed.lacking()
    if lacking:
        raise Unproved(lacking)
    done = closed.inside(WALK, *words)
    if done.returncode:
        raise Unproved(f"the walk ended: {done.stderr[-600:]}")
    seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return seen


def _list(found: list[str]) -> str:
    return "; ".join(found) or "none"
