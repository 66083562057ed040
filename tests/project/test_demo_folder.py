"""A demo takes an empty folder or its own, and never anything else."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from tertulia.project.sample.folder import LOCK, MARK, NotADemo, claim, remember, remembered, settle

pytestmark = pytest.mark.parser


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `settle` writes into the environment goes after each test."""
    for name in ("DATABASE_URL", "TERTULIA_DATA", "TERTULIA_KEYS", "TERTULIA_PEPPER_FILE", "TERTULIA_URL"):
        monkeypatch.setenv(name, "as it was")
    monkeypatch.setenv("TERTULIA_NAME", "Somebody")


def contents(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_empty_folder_and_one_that_is_not_there_become_a_demos(tmp_path: Path) -> None:
    claim(tmp_path / "new" / "demo")
    (tmp_path / "empty").mkdir()
    claim(tmp_path / "empty")
    assert contents(tmp_path / "new" / "demo") == contents(tmp_path / "empty") == [MARK]
    assert (tmp_path / "new" / "demo").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("fresh", [False, True])
def test_any_other_folder_is_left_as_it_is(tmp_path: Path, fresh: bool) -> None:
    (tmp_path / "tertulia.sqlite3").write_text("a real festival")
    with pytest.raises(NotADemo, match="holds something else than a demo"):
        claim(tmp_path, fresh=fresh)
    assert contents(tmp_path) == ["tertulia.sqlite3"]
    with pytest.raises(NotADemo, match="is not a folder"):
        claim(tmp_path / "tertulia.sqlite3", fresh=fresh)
    assert (tmp_path / "tertulia.sqlite3").read_text() == "a real festival"


def test_a_demo_is_taken_up_again_or_begun_anew(tmp_path: Path) -> None:
    claim(tmp_path)
    remember(tmp_path, organiser="abc")
    remember(tmp_path, talk="posted")
    (tmp_path / "tertulia.sqlite3").write_text("what was done")
    claim(tmp_path)
    assert remembered(tmp_path) == {"organiser": "abc", "talk": "posted"}
    assert contents(tmp_path) == [MARK, "tertulia.sqlite3"]
    claim(tmp_path, fresh=True)
    assert remembered(tmp_path) == {}
    assert contents(tmp_path) == [MARK]


@pytest.mark.parametrize("fresh", [False, True])
def test_a_demo_that_runs_is_left_alone(tmp_path: Path, fresh: bool) -> None:
    claim(tmp_path)
    with (tmp_path / LOCK).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(NotADemo, match="a demo runs"):
            claim(tmp_path, fresh=fresh)
    claim(tmp_path)
    assert contents(tmp_path) == [MARK, LOCK]


def test_the_settings_are_pointed_at_the_demo_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERTULIA_DATA", str(tmp_path))
    settle(["--port", "8042"])
    assert (os.environ["TERTULIA_DATA"], os.environ["TERTULIA_URL"]) == (str(tmp_path), "http://127.0.0.1:8042")
    assert os.environ["TERTULIA_NAME"] == "Saltmarsh Network (sample)"
    assert [os.environ[name] for name in ("DATABASE_URL", "TERTULIA_KEYS", "TERTULIA_PEPPER_FILE")] == ["", "", ""]
    assert contents(tmp_path) == [MARK]


@pytest.mark.parametrize("words", [["--help"], ["--prot", "8042"], ["--port", "many"], ["--fresh", "now"]])
def test_who_asks_wrongly_or_only_for_words_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("TERTULIA_DATA", str(tmp_path))
    before = dict(os.environ)
    settle(words)
    assert dict(os.environ) == before
    assert contents(tmp_path) == []


def test_a_folder_without_the_mark_remembers_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotADemo, match="is not a demo's"):
        remembered(tmp_path)
