"""The raw totals are reached from one place, which hands nothing of them on; .importlinter holds who imports them."""

from __future__ import annotations

import ast

from tests.architecture.house import ROOT, functions, report, shown, sources

# The settings say where the file is, the actions open it.
MAY_NAME_IT = {"tertulia/project/settings.py", "tertulia/people/actions/counting.py"}
NAMES = ("COUNTING_FILE", "counting.sqlite3")
# What an action may answer: nothing, or how many events were released.
ANSWERS = {"None", "int"}


def test_the_file_of_the_raw_totals_is_named_in_two_places() -> None:
    report(
        (
            f"{shown(path)}: names the file of the raw totals"
            for path in sources("tertulia")
            if shown(path) not in MAY_NAME_IT and any(name in path.read_text() for name in NAMES)
        ),
        "a file that is opened by its path is an import that import-linter cannot see",
        "read people.queries.released_tables",
    )


def test_no_action_hands_a_raw_total_on() -> None:
    path = ROOT / "tertulia" / "people" / "actions" / "counting.py"
    public = {one.name: ast.unparse(one.returns) for one in functions(path) if one.returns and one.name[0] != "_"}
    assert "release_counts" in public
    report(
        (f"{name} answers {said}" for name, said in public.items() if said not in ANSWERS),
        "whatever an action of counting answers, a page could show",
        "release it, by the rule of people/counting/disclosure.py",
    )
