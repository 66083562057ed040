"""What npm brings is locked by hash, carries no address, and is of one mind with package.json."""

from __future__ import annotations

import json

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
