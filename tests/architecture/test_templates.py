"""Templates know of what stands below their app, as the code does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from django.template.backends.django import get_installed_libraries

from tests.architecture.house import PACKAGE, app_of, may_see, ranks, report, shown, sources, templates, tree

NAMED = re.compile(r"{%-?\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")
LOADED = re.compile(r"{%-?\s*load\s+([^%]+?)\s*-?%}")


def home_of(path_in_package: str) -> str:
    """The app that a file of the package belongs to."""
    return path_in_package.split("/", maxsplit=1)[0]


def owner(template: str) -> str | None:
    """The app of ours that a template is named after."""
    first = template.split("/", maxsplit=1)[0]
    return first if first in ranks() else None


def libraries(words: str) -> list[str]:
    """The libraries that a load tag names: all of them, or what stands after `from`."""
    names = words.split()
    return names[names.index("from") + 1 :] if "from" in names else names


def seen_in(text: str) -> Iterator[tuple[str, str | None]]:
    """Each template and library that a template names, with the app of ours that it belongs to."""
    for name in NAMED.findall(text):
        yield name, owner(name)
    homes = get_installed_libraries()
    for words in LOADED.findall(text):
        for name in libraries(words):
            yield name, app_of(homes.get(name, ""))


def templates_looking_up() -> Iterator[str]:
    for path in templates():
        mine = home_of(str(path.relative_to(PACKAGE)))
        for name, theirs in seen_in(path.read_text()):
            if theirs and not may_see(mine, theirs):
                yield f"{shown(path)}: uses {name} of {theirs}, which stands above or beside {mine}"


def code_looking_up() -> Iterator[str]:
    for path in sources("tertulia"):
        mine = home_of(str(path.relative_to(PACKAGE)))
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html"):
                theirs = owner(node.value)
                if theirs and mine in ranks() and not may_see(mine, theirs):
                    yield f"{shown(path)}:{node.lineno}: names {node.value} of {theirs}, above or beside it"


def test_no_template_looks_up_or_sideways() -> None:
    report(
        [*templates_looking_up(), *code_looking_up()],
        "an included template is an import that import-linter cannot see",
        "move the partial down, or let the upper app offer a region to kit/registry.py in apps.ready()",
    )
