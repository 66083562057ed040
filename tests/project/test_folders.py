"""The data folder is made by commands that begin a house, needed by all others, and nobody else looks in."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from tertulia.kit.sealing import KeyStore
from tertulia.project.folders import Unusable, make_folders
from tests.ground.served import Served

ALIKE = ["--help", "nonsense", "prepare --nonsense", "demo --nonsense"]
NEEDS_A_HOUSE = ["worker --drain", "event import x.json"]


def run(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, with nothing from the surroundings of the tests."""
    command = [sys.executable, "-m", "tertulia.project", *line.split(), "--data", str(folder)]
    alone = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(command, env=alone, check=False, capture_output=True, text=True)


def mode_of(place: Path) -> int:
    return place.stat().st_mode & 0o777


@pytest.fixture
def house(tmp_path: Path, settings: LazySettings) -> Path:
    """Where the two folders are to be."""
    settings.DATA = tmp_path / "house"
    settings.KEYS = KeyStore(tmp_path / "elsewhere")
    return tmp_path / "house"


@pytest.mark.parser
@pytest.mark.parametrize("line", ALIKE)
def test_who_asks_for_help_or_asks_wrongly_makes_no_folder(line: str, tmp_path: Path) -> None:
    assert run(tmp_path / "new", line).returncode == (0 if "--help" in line else 2)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parser
@pytest.mark.parametrize("line", NEEDS_A_HOUSE)
def test_what_needs_a_house_says_in_one_line_that_there_is_none(line: str, tmp_path: Path) -> None:
    new = tmp_path / "new"
    done = run(new, line)
    said = f"tertulia: there is no data folder at {new}: ./run prepare --data {new} makes one\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parser
@pytest.mark.parametrize("line", NEEDS_A_HOUSE)
def test_what_needs_a_house_says_in_one_line_that_it_is_not_ready(line: str, tmp_path: Path) -> None:
    done = run(tmp_path, line)
    said = f"tertulia: the data folder {tmp_path} is not ready yet: ./run prepare --data {tmp_path} makes it so\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parser
def test_a_database_that_does_not_answer_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgres://nobody@{str(tmp_path).replace('/', '%2F')}/none")
    done = Served(tmp_path, port=1).command("worker", "--drain")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("tertulia: the database cannot be reached: ")


@pytest.mark.journey
def test_whatever_a_house_makes_is_for_its_owner_alone(served: Served) -> None:
    files = {place.name for place in served.folder.rglob("*")}
    assert files >= {"tertulia.sqlite3", "tertulia.sqlite3-wal", "rooms.sqlite3", "prepared", "keys", "secret"}
    assert {str(place) for place in served.folder.rglob("*") if mode_of(place) & 0o077} == set()
    assert mode_of(served.folder) == 0o700


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A house that was begun where others may look in, under a mask that lets them."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    house = Served(tmp_path / "house")
    before = os.umask(0o022)
    assert run(house.folder, "prepare").returncode == 0
    house.folder.chmod(0o755)
    house.start()
    (house.folder / "server.log").unlink()
    os.umask(before)
    yield house
    house.stop()


@pytest.mark.parser
def test_folders_that_are_open_are_closed(house: Path, settings: LazySettings) -> None:
    (house / "keys").mkdir(parents=True)
    settings.KEYS.folder.mkdir()
    for folder in (house, settings.KEYS.folder):
        folder.chmod(0o755)
    make_folders()
    assert (mode_of(house), mode_of(settings.KEYS.folder)) == (0o700, 0o700)


@pytest.mark.parser
def test_a_folder_of_other_things_is_left_as_it_is(house: Path) -> None:
    (house / "letters").mkdir(parents=True)
    house.chmod(0o755)
    with pytest.raises(Unusable, match=r"/house is open to others and holds other things: choose one of its own$"):
        make_folders()
    assert mode_of(house) == 0o755


@pytest.mark.parser
@pytest.mark.parametrize(("place", "why"), [("/proc/foo", ""), ("/dev/null/foo", " (Not a directory)")])
def test_a_folder_that_cannot_be_made_there_is_said(place: str, why: str, settings: LazySettings) -> None:
    settings.DATA = Path(place)
    with pytest.raises(Unusable) as refused:
        make_folders()
    assert str(refused.value) == f"the folder {place} cannot be made there{why}: choose another place"


@pytest.mark.parser
def test_a_file_in_the_place_of_the_folder_is_said(house: Path) -> None:
    house.write_text("")
    with pytest.raises(Unusable, match="/house cannot be used: File exists$"):
        make_folders()
