"""A script and those that it brings along, joined into one: over a weak line each file costs a round trip."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

BROUGHT = re.compile(r'^import (?:\{([^}]*)\}|\* as (\w+)) from "\./([\w.-]+\.js)";$', re.MULTILINE)
GIVEN = re.compile(r"^export (?=(?:(?:async )?function|const|class) (\w+))", re.MULTILINE)
GIVEN_LATER = re.compile(r"^export \{ (\w+(?:, \w+)*) \};$", re.MULTILINE)
COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)
NOT_UNDERSTOOD = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class CannotJoin(ValueError):  # noqa: N818 - it describes the script
    """A script brings another along, or gives something away, in a form that is not understood here."""


def joined(name: str, read: Callable[[str], str]) -> str:
    """The script called `name` with all that it brings along from beside it; `read` gives the text of a script.

    Each of them becomes a function that is called once, before whoever needs it, and gives what it exports; their lines
    of comment stay here. A script that brings none along is as it was. CannotJoin for scripts that bring each other
    along, and for other forms than `import { one, two as three } from "./name.js";`,
    `import * as name from "./name.js";`, `export { one };` and `export` before a function, a constant or a class.
    """
    text = read(name)
    if not BROUGHT.search(text):
        return text
    parts: dict[str, str] = {}
    _gather(name, read, parts, ())
    *brought, (_name, main) = parts.items()
    return "".join(f"const {_variable(of)} = (() => {{\n{part}}})();\n" for of, part in brought) + f"{{\n{main}}}\n"


def _gather(name: str, read: Callable[[str], str], parts: dict[str, str], asking: tuple[str, ...]) -> None:
    """Put what `name` needs into `parts`, and then itself; `asking` are those that brought it along."""
    if name in asking:
        raise CannotJoin(f"{name} brings itself along")
    if name in parts:
        return
    text = read(name)
    for found in BROUGHT.finditer(text):
        _gather(str(PurePosixPath(name).with_name(found[3])), read, parts, (*asking, name))
    parts[name] = _part(name, text, is_brought=bool(asking))


def _part(name: str, text: str, *, is_brought: bool) -> str:
    given = [*GIVEN.findall(text), *(one for names in GIVEN_LATER.findall(text) for one in names.split(", "))]
    text = COMMENT.sub("", text)
    inside = GIVEN_LATER.sub("", GIVEN.sub("", BROUGHT.sub(_taken, text)))
    if strange := NOT_UNDERSTOOD.search(inside):
        raise CannotJoin(f"{name}: {strange[0]}")
    return f"{inside}return {{ {', '.join(given)} }};\n" if is_brought else inside


def _taken(found: re.Match[str]) -> str:
    names = found[2] or "{" + found[1].replace(" as ", ": ") + "}"
    return f"const {names} = {_variable(found[3])};"


def _variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", PurePosixPath(name).stem)
