"""A name says what a thing is; words that fit everything say nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture.house import Function, report, shown, sources, tree, under

BANNED = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "service", "data", "info"}
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")
TIMELY = {"uuid1", "uuid6", "uuid7", "uuid8", "ulid", "ULID"}


def says_nothing(node: ast.stmt) -> bool:
    """A class says nothing when its last word is banned, a function when its whole name is."""
    if isinstance(node, ast.ClassDef):
        words = WORDS.findall(node.name)
        return bool(words) and words[-1].lower() in BANNED
    return isinstance(node, Function) and node.name.strip("_") in BANNED


def empty_names() -> Iterator[str]:
    for path in under("tertulia", "tests", "benchmarks"):
        for part in path.parts[-2:] if path.suffix == ".py" else ():
            if part.removesuffix(".py").strip("_").removeprefix("test_") in BANNED:
                yield f"{shown(path)}: {part} is a name that fits everything"
    for path in sources("tertulia", "tests", "benchmarks"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.stmt) and says_nothing(node):
                yield f"{shown(path)}:{node.lineno}: {node.name} is a name that fits everything"  # type: ignore[attr-defined]


def timely_ids() -> Iterator[str]:
    for path in sources("tertulia"):
        for node in ast.walk(tree(path)):
            name = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", None)
            if name in TIMELY:
                yield f"{shown(path)}:{getattr(node, 'lineno', 1)}: {name} carries the time at which it was made"


def test_no_name_fits_everything() -> None:
    report(
        empty_names(),
        "whatever has no place lands in a drawer called helpers, and is never found again",
        f"name the thing by what it is (countries.py, release_schedule, RoomLog); not by {', '.join(sorted(BANNED))}",
    )


def test_no_id_carries_the_time() -> None:
    report(
        timely_ids(),
        "an id that is ordered by time tells who came when",
        "kit.fields.RandomKey for rows, kit.randomness.public_id for addresses",
    )
