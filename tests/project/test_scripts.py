"""A script and those that it brings along come as one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tertulia.project.scripts import CannotJoin, joined

ROOT = Path(__file__).resolve().parents[2]

CLOCK = "const hours = 24;\nexport const day = () => hours;\nexport function tell() {}\n"
TALK = """import { day } from "./clock.js";

const inner = day();
export async function hear() {}
export class Line {}
export { inner, day as again };
"""


def of(**scripts: str) -> str:
    """`main` joined with the other scripts, which stand beside it."""
    return joined("room/main.js", lambda name: scripts[name.removeprefix("room/").removesuffix(".js")])


def test_who_brings_nobody_along_stays_as_it_was() -> None:
    assert of(main=CLOCK) == CLOCK


def test_whoever_is_needed_stands_before_and_once() -> None:
    main = """// The room.
import * as talk from "./talk.js";
  // Both.
import {
  day,
  tell as say,
} from "./clock.js";
say(day());
"""
    assert of(main=main, talk=TALK.replace(", day as again", ""), clock=CLOCK) == (
        "const $clock = (() => {\n"
        "const hours = 24;\nconst day = () => hours;\nfunction tell() {}\n"
        "return { day, tell };\n"
        "})();\n"
        "const $talk = (() => {\n"
        "const { day } = $clock;\n\nconst inner = day();\nasync function hear() {}\nclass Line {}\n\n"
        "return { hear, Line, inner };\n"
        "})();\n"
        "{\n"
        "const talk = $talk;\nconst {\n  day,\n  tell: say,\n} = $clock;\nsay(day());\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("strange", "why"),
    [
        ('import "./clock.js";', r"main\.js: import "),
        ('import clock from "./clock.js";', r"main\.js: import clock"),
        ("export let now = 1;", r"main\.js: export let now"),
        ("export default 1;", r"main\.js: export default"),
        ('import { a } from "./main.js";', r"main\.js brings itself along"),
    ],
)
def test_what_is_not_understood_is_not_joined(strange: str, why: str) -> None:
    with pytest.raises(CannotJoin, match=why):
        of(main=f'import {{ day }} from "./clock.js";\n{strange}\n', clock=CLOCK)


def test_what_is_given_by_another_name_is_not_understood_either() -> None:
    with pytest.raises(CannotJoin, match=r"talk\.js: export \{ inner, day as again \};"):
        of(main='import { hear } from "./talk.js";\n', talk=TALK, clock=CLOCK)


def test_every_script_of_ours_is_understood() -> None:
    ours = list((ROOT / "tertulia").rglob("static/**/*.js"))
    assert len(ours) > 10
    for path in ours:
        folder = path.parents[1]
        text = joined(f"{path.parent.name}/{path.name}", lambda name, folder=folder: (folder / name).read_text())
        assert not re.search(r"^import\b", text, re.MULTILINE), path.name
