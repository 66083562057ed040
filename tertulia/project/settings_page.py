"""The operator's page of settings, written from the table in environment.py: `./run docs`."""

from __future__ import annotations

from pathlib import Path

from tertulia.project.environment import VARIABLES, Variable

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "operator" / "settings.md"
HEAD = """# Settings

Everything that an operator may set comes from the environment, and works without: what is empty takes its default.
This page is written from `tertulia/project/environment.py` by `./run docs`.

| variable | when it is empty | what it is for |
|---|---|---|
"""


def page() -> str:
    """The whole page, as Markdown."""
    return HEAD + "".join(_row(variable) for variable in VARIABLES)


def _row(variable: Variable) -> str:
    default = f"`{variable.default}`" if variable.default else "–"
    meaning = variable.meaning.replace("|", "\\|")
    return f"| `{variable.name}` | {default} | {meaning} |\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    print(f"written: {PAGE}")
