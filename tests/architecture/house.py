"""The repository as its own tests read it: its files, its apps, their order."""

from __future__ import annotations

import ast
import configparser
import fnmatch
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "tertulia"
DOORLESS = ("project", "design", "kit")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def report(found: Iterable[str], why: str, right: str) -> None:
    """Fail with everything that was found, why it matters and what the right form is; pass if nothing was."""
    lines = sorted(set(found))
    assert not lines, "\n".join(["", *lines, f"Why: {why}", f"Right: {right}"])


@cache
def ignored() -> tuple[str, ...]:
    """The patterns of .gitignore: what is never committed is not looked at."""
    lines = (ROOT / ".gitignore").read_text().splitlines()
    return (".git", *(line.rstrip("/") for line in lines if line and not line.startswith("#")))


def is_ignored(path: Path) -> bool:
    """Whether a file or folder is outside the repository; a pattern that begins with / speaks of the top alone."""
    from_top = f"/{path.relative_to(ROOT)}"
    return any(fnmatch.fnmatch(from_top if pattern[0] == "/" else path.name, pattern) for pattern in ignored())


@cache
def files() -> tuple[Path, ...]:
    """Every file of the repository, in a steady order."""
    found: list[Path] = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not is_ignored(Path(folder) / name)]
        found += [Path(folder) / name for name in names if not is_ignored(Path(folder) / name)]
    return tuple(sorted(found))


def shown(path: Path) -> str:
    """The path as a message names it."""
    return str(path.relative_to(ROOT))


def under(*folders: str) -> Iterator[Path]:
    """The files of the repository inside these top folders."""
    return (path for path in files() if path.relative_to(ROOT).parts[0] in folders)


def sources(*folders: str) -> Iterator[Path]:
    """The Python files that people wrote inside these top folders; migrations are Django's."""
    return (path for path in under(*folders) if path.suffix == ".py" and "migrations" not in path.parts)


def templates() -> Iterator[Path]:
    """The templates of the house."""
    return (path for path in under("tertulia") if "templates" in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text())


def functions(path: Path) -> Iterator[Function]:
    """Every function and method in a file, at any depth."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def app_names() -> list[str]:
    """The apps that exist, project, design and kit among them."""
    return sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())


@cache
def contracts() -> configparser.ConfigParser:
    """What .importlinter says: the one place where the order is written."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    return parser


def listed(section: str, option: str) -> list[str]:
    """The lines of an option of .importlinter, without the parentheses of what does not exist yet."""
    lines = contracts()[section][option].strip().splitlines()
    return [line.replace("(", "").replace(")", "").strip() for line in lines]


@cache
def ranks() -> dict[str, int]:
    """How high each app stands; strangers to each other stand on one height."""
    order = reversed(listed("importlinter:house", "layers"))
    return {app.strip(): height for height, layer in enumerate(order) for app in layer.split("|")}


def may_see(looking: str, seen: str) -> bool:
    """Whether `looking` may know of `seen`: itself or what stands below."""
    return looking == seen or ranks()[looking] > ranks()[seen]


def app_of(module: str) -> str | None:
    """The app of ours that a module lives in; None for everybody else's."""
    parts = module.split(".")
    return parts[1] if parts[0] == "tertulia" and len(parts) > 1 else None


def engines() -> set[str]:
    """The folders of apps that hold no Django, as `app/folder`."""
    return {"/".join(name.split(".")[1:]) for name in listed("importlinter", "engines")}
