"""A reader who knows one app finds her way in all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.house import (
    DOORLESS,
    PACKAGE,
    ROOT,
    app_names,
    engines,
    is_ignored,
    listed,
    ranks,
    report,
    shown,
    under,
)

FOLDERS = {"templates", "static", "templatetags", "management", "migrations"}
BESIDE_THE_APPS = {"__init__.py", "locale", "py.typed"}
TESTS_OF_THEIR_OWN = {
    "architecture",
    "factories",
    "faults",
    "ground",
    "journeys",
    "benchmarks",
    "deploy",
    "prove",
    "looks",
}
OVERRIDES = "wagtailadmin"
ANSWERS_OF_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
NOUN = re.compile(r"[a-z][a-z0-9_]*")


def floors() -> set[str]:
    """The names that files inside an app may have."""
    lines = listed("importlinter:floors", "layers")
    return {name.strip() for line in lines for name in line.split("|")}


def present(folder: Path) -> Iterator[Path]:
    """What is in a folder, without what is never committed."""
    return (path for path in sorted(folder.iterdir()) if not is_ignored(path))


def apps_with_floors() -> Iterator[Path]:
    """The folders of the apps that have an order inside."""
    return (PACKAGE / name for name in app_names() if name not in DOORLESS)


def belongs(path: Path) -> bool:
    """Whether something directly inside an app has a name that the house knows."""
    if path.is_dir():
        return path.name in FOLDERS | floors() or f"{path.parent.name}/{path.name}" in engines()
    return path.name == "__init__.py" or (path.suffix == ".py" and path.stem in floors())


def test_an_app_holds_only_files_that_the_house_knows() -> None:
    report(
        (
            f"{shown(path)}: no app has a file of this name"
            for app in apps_with_floors()
            for path in present(app)
            if not belongs(path)
        ),
        "the name of a file says its kind, the same in every app, so that nobody has to search",
        f"one of {', '.join(sorted(floors()))}, or a folder {', '.join(sorted(FOLDERS))};"
        " an engine is a folder named in .importlinter",
    )


def test_a_floor_that_outgrew_its_file_is_a_folder_of_nouns() -> None:
    inner = (path for app in apps_with_floors() for floor in floors() for path in (app / floor).glob("**/*"))
    report(
        (
            f"{shown(path)}: not a noun in small letters, or not Python"
            for path in inner
            if path.is_file()
            and not is_ignored(path)
            and not is_ignored(path.parent)
            and not (path.suffix == ".py" and (path.name == "__init__.py" or NOUN.fullmatch(path.stem)))
        ),
        "models/session.py, actions/session.py and tests/…/test_session.py are found by the same word",
        "a .py file named by a noun of the field",
    )


def strays() -> Iterator[str]:
    """Templates and static files that stand outside the folder named like their app."""
    for path in under("tertulia"):
        if len(path.relative_to(PACKAGE).parts) < 3:
            continue
        app, kind, *rest = path.relative_to(PACKAGE).parts[:-1]
        inside = {app, OVERRIDES} if rest else ANSWERS_OF_DJANGO
        if kind in {"templates", "static"} and (rest[0] if rest else path.name) not in inside:
            yield f"{shown(path)}: belongs into {app}/{kind}/{app}/"


def test_templates_and_static_files_stand_in_a_folder_with_the_name_of_their_app() -> None:
    report(
        strays(),
        "Django mixes the folders of all apps; without its own name one app would answer for another",
        "templates/<app>/page.html, static/<app>/page.css",
    )


def test_the_package_holds_apps_and_nothing_else() -> None:
    known = BESIDE_THE_APPS | set(ranks())
    report(
        (
            f"{shown(path)}: neither an app of the house nor known beside them"
            for path in present(PACKAGE)
            if path.name not in known
        ),
        "the package is the first thing a visitor sees: every folder is a noun of the field with a place in the order",
        "put it into the app it belongs to; a new app gets its line in .importlinter",
    )


def test_the_tests_mirror_the_package() -> None:
    known = TESTS_OF_THEIR_OWN | set(ranks())
    report(
        (
            f"{shown(path)}: no app of that name"
            for path in present(ROOT / "tests")
            if path.is_dir() and path.name not in known
        ),
        "the test of tertulia/programme/actions/session.py is looked for in tests/programme/actions/",
        "tests/<app>/ as in the package; journeys/, faults/, factories/ and architecture/ for what crosses apps",
    )
