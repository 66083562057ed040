"""The operator's page of settings says what the code says, and the code reads nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from tertulia.project import settings_page
from tertulia.project.environment import VARIABLES

PACKAGE = Path(settings_page.__file__).parent.parent


def test_the_page_is_what_the_table_says() -> None:
    assert settings_page.PAGE.read_text(encoding="utf-8") == settings_page.page(), "run ./run docs and commit the page"


def test_every_variable_has_a_row() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", settings_page.page(), re.MULTILINE)
    assert rows == [variable.name for variable in VARIABLES]


def test_the_package_reads_no_variable_that_is_not_in_the_table() -> None:
    asked = r"""(?:environ(?:\.get\(|\.setdefault\(|\[)|getenv\(|environment\.value\()\s*["']"""
    named = re.compile(asked + r"((?:TERTULIA|DATABASE)_\w+)")
    read = {name for file in PACKAGE.rglob("*.py") for name in named.findall(file.read_text(encoding="utf-8"))}
    assert read - {variable.name for variable in VARIABLES} == set()
    assert "TERTULIA_URL" in read
