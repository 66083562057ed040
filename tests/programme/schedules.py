"""Small schedule.json files, whole ones and spoilt ones, for the tests of the programme."""

from __future__ import annotations

import copy
import json
import os
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


def as_bytes(tree: object) -> bytes:
    return json.dumps(tree).encode()


def real(name: str) -> bytes:
    """A real schedule out of the folder of real input; skips the test if it is not there."""
    folder = Path(os.environ.get("TERTULIA_REAL_INPUT") or REPOSITORY / "../shared/data")
    path = folder / "schedules" / name
    if not path.exists():
        pytest.skip(f"no real input: {name} (set TERTULIA_REAL_INPUT)")
    return path.read_bytes()
