"""What npm brings is locked by hash, carries no address, and is of one mind with package.json."""

from __future__ import annotations

import json
import re

import pytest

from tests.suite import ROOT

pytestmark = pytest.mark.parser

LOCK = json.loads((ROOT / "package-lock.json").read_text())
LOCKED = {name: package for name, package in LOCK["packages"].items() if name}


def test_each_package_has_a_hash_and_no_address() -> None:
    assert [name for name, package in LOCKED.items() if not package.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, package in LOCKED.items() if "resolved" in package] == []


def test_versions_are_exact_and_those_of_the_lock() -> None:
    asked = json.loads((ROOT / "package.json").read_text())
    for kind in ("dependencies", "devDependencies"):
        for name, version in asked[kind].items():
            assert LOCKED[f"node_modules/{name}"]["version"] == version
    top = {key: LOCK["packages"][""][key] for key in ("dependencies", "devDependencies", "engines")}
    assert top == {key: asked[key] for key in top}


def test_every_package_runs_on_the_node_of_debian() -> None:
    """Debian 12 has Node 18."""
    too_new = ("20", "22", "24", "^20", "^22")
    asked = {name: package.get("engines", {}).get("node", "") for name, package in LOCKED.items()}
    assert {name: node for name, node in asked.items() if node.removeprefix(">=").strip().startswith(too_new)} == {}


def test_the_npm_of_debian_can_read_the_lock() -> None:
    """Debian 12 has npm 9, which without addresses takes a name such as "latest" for no lock at all.

    Where one is found: write the version that is locked in its place; `./run lock` leaves it so.
    """
    wanted = (
        (f"{name} → {other}", version)
        for name, package in LOCKED.items()
        for kind in ("dependencies", "optionalDependencies", "peerDependencies")
        for other, version in package.get(kind, {}).items()
    )
    assert {place: version for place, version in wanted if not re.search(r"[0-9*]", version)} == {}
