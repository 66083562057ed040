"""Nothing is longer than one can hold in mind."""

from __future__ import annotations

from collections.abc import Iterator

from tests.architecture.house import files, functions, report, shown, sources, templates

FUNCTION = 60
FILE = 400
TEMPLATE = 80
WRITTEN_IN = {".py", ".js", ".css", ".sh"}


def long_functions() -> Iterator[str]:
    for path in sources("tertulia", "tests", "benchmarks"):
        for function in functions(path):
            lines = (function.end_lineno or 0) - function.lineno + 1
            if lines > FUNCTION:
                yield f"{shown(path)}:{function.lineno}: {function.name} has {lines} lines, the most is {FUNCTION}"


def long_files() -> Iterator[str]:
    for path in files():
        written = path.suffix in WRITTEN_IN or path.name == "run"
        if written and "migrations" not in path.parts:
            lines = len(path.read_text().splitlines())
            if lines > FILE:
                yield f"{shown(path)}: {lines} lines, the most is {FILE}"


def long_templates() -> Iterator[str]:
    for path in templates():
        lines = len(path.read_text().splitlines())
        if lines > TEMPLATE:
            yield f"{shown(path)}: {lines} lines, the most for a template is {TEMPLATE}"


def test_no_function_is_too_long() -> None:
    report(
        long_functions(),
        "a function is read in one look; 15 lines are usual, from 30 on one thinks again",
        "give the steps names of their own and call them in the order in which they stand",
    )


def test_no_file_is_too_long() -> None:
    report(
        long_files(),
        "a file tells one thing; 200 lines are usual",
        "make it a folder of nouns: models.py becomes models/event.py and models/session.py",
    )


def test_no_template_is_too_long() -> None:
    report(
        long_templates(),
        "a page is put together from parts that have names",
        "move parts into partials of their own: _slot.html, included with what they need",
    )
