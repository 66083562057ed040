"""`tertulia prepare` brings an empty data folder up to this release, and a second time changes nothing."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest


@pytest.mark.parser
def test_prepare_makes_an_installation_and_may_be_repeated(tmp_path: Path) -> None:
    first, second = (_prepare(tmp_path) for _turn in range(2))
    assert first == second == "Ready: database and translations are up to date.\n"
    with closing(sqlite3.connect(tmp_path / "tertulia.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM people_account").fetchone() == (0,)


def _prepare(data: Path) -> str:
    command = [sys.executable, "-m", "tertulia.project", "prepare", "--data", str(data)]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, env=os.environ | {"DATABASE_URL": ""}
    ).stdout
