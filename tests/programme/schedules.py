"""Small schedule.json files, whole ones and spoilt ones, for the tests of the programme."""

from __future__ import annotations

import copy
import json
import os
import uuid
from pathlib import Path
from typing import Any

import pytest

FILES = Path(__file__).parent / "files"
REPOSITORY = Path(__file__).resolve().parents[2]


def small() -> dict[str, Any]:
    """The small festival as a tree that a test may spoil."""
    tree: dict[str, Any] = json.loads((FILES / "small.json").read_bytes())
    return copy.deepcopy(tree)


def session_of(tree: dict[str, Any], number: int = 0) -> dict[str, Any]:
    """A session of the first day's room, to be spoilt in place."""
    found: dict[str, Any] = tree["schedule"]["conference"]["days"][0]["rooms"]["Main sky"][number]
    return found


def sessions_of(tree: dict[str, Any]) -> list[dict[str, Any]]:
    """Every session of every day and room, to be spoilt in place."""
    days = tree["schedule"]["conference"]["days"]
    return [session for day in days for room in day["rooms"].values() for session in room]


def make_another(sessions: list[dict[str, Any]]) -> None:
    """Give each an identity that no event knows; the airings of one session stay its own."""
    for session in sessions:
        session["guid"] = str(uuid.uuid5(uuid.NAMESPACE_URL, session["guid"]))


def as_bytes(tree: object) -> bytes:
    return json.dumps(tree).encode()


def real(name: str) -> bytes:
    """A real schedule out of the folder of real input; skips the test if it is not there."""
    folder = Path(os.environ.get("TERTULIA_REAL_INPUT") or REPOSITORY / "../shared/data")
    path = folder / "schedules" / name
    if not path.exists():
        pytest.skip(f"no real input: {name} (set TERTULIA_REAL_INPUT)")
    return path.read_bytes()
