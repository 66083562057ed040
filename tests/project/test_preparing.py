"""While a house is being set up, every other command waits, or says in one line that it is not ready."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tertulia.project import preparing
from tertulia.project.commandline import main
from tests.ground.nursery import until
from tests.ground.served import Served
from tests.ground.store import SqliteStore
from tests.programme.schedules import FILES

STILL = "tertulia: the house is still being set up: try again in a while"
SMALL = str(FILES / "small.json")


def begin(folder: Path, *words: str) -> subprocess.Popen[str]:
    """A command that goes on while the test does, with nothing from the surroundings of the tests."""
    alone = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    line = [sys.executable, "-m", "tertulia.project", *words, "--data", str(folder)]
    return subprocess.Popen(line, env=alone, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def somebody_sets_up(settings: LazySettings) -> Iterator[None]:
    """Another process that has the data folder of the tests."""
    place = settings.DATA / preparing.LOCK
    with place.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    place.unlink()


@pytest.mark.parser
def test_a_command_waits_until_the_house_is_ready(tmp_path: Path) -> None:
    with (tmp_path / preparing.LOCK).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        asked = begin(tmp_path, "worker", "--failed")
        assert asked.stderr
        assert asked.stderr.readline() == f"{preparing.WAITING}\n"
        SqliteStore(tmp_path).lay()
    out, err = asked.communicate(timeout=60)
    assert (asked.returncode, out, err) == (0, "no task was given up\n", "")


@pytest.mark.journey
def test_what_is_imported_while_serve_begins_a_house_is_imported(tmp_path: Path) -> None:
    house = Served(tmp_path / "house")
    server = begin(house.folder, "serve", "--port", str(house.port))
    try:
        until((house.folder / preparing.LOCK).exists)
        asked = begin(house.folder, "event", "import", SMALL)
        out, err = asked.communicate(timeout=90)
        assert (asked.returncode, err) == (0, f"{preparing.WAITING}\n")
        assert out.startswith("small-nights: 3 sessions in 2 rooms")
    finally:
        server.terminate()
        told, _complaints = server.communicate(timeout=60)
    assert told.splitlines() == [
        f"Setting up the house in {house.folder}; it takes up to a minute …",
        f"Open {house.url}/  (Ctrl-C stops it)",
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("somebody_sets_up")
@pytest.mark.parametrize("words", [("event", "close", "nights"), ("prepare",)])
def test_patience_ends_in_one_line(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(preparing, "PATIENCE_SECONDS", 0)
    assert main(words) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"{preparing.WAITING}\n{STILL}\n")


@pytest.mark.django_db
def test_a_database_that_lacks_a_migration_is_one_line(
    settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    MigrationRecorder(connection).record_unapplied("people", "0001_initial")
    assert main(["event", "close", "nights"]) == 2
    why = f"the data folder {settings.DATA} is not ready yet: ./run prepare --data {settings.DATA} makes it so"
    assert capsys.readouterr().err == f"tertulia: {why}\n"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="PostgreSQL locks rows, not the whole database")
def test_a_database_that_somebody_else_holds_is_one_line(
    settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=1")
    with contextlib.closing(sqlite3.connect(settings.DATA / "tertulia.sqlite3", isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        assert main(["event", "import", SMALL]) == 2
    why = "the database does not answer: database is locked; try again in a moment"
    assert capsys.readouterr().err == f"tertulia: {why}\n"
    connection.close()
