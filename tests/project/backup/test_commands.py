"""How `backup` and `restore` are typed, and what they say."""

from __future__ import annotations

import fcntl
import json
import os
import re
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings

from tertulia.kit.erasures import KEY as ERASURES
from tertulia.project.backup import postgres, shelf
from tertulia.project.backup.making import HOUSE, KEYS
from tertulia.project.backup.unfit import Unfit
from tertulia.project.commandline import main
from tertulia.project.folders import Unusable
from tertulia.project.occupancy import alone, at_home, scratch, shared
from tests.project.backup.scenes import Operator, a_scene

pytestmark = pytest.mark.django_db(transaction=True)
Said = pytest.CaptureFixture[str]


def test_a_pair_of_keys_is_made_once_and_only_its_owner_reads_it(tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "identity"
    assert main(["backup", "--make-key", str(path)]) == 0
    public = re.findall(r"^TERTULIA_BACKUP_RECIPIENTS=(age1[a-z0-9]{58})$", capsys.readouterr().out, re.MULTILINE)
    assert path.read_text().splitlines()[0] == f"# public key: {public[0]}"
    assert path.stat().st_mode & 0o777 == 0o600
    assert main(["backup", "--make-key", str(path)]) == 2
    assert capsys.readouterr().err == f"tertulia: {path} cannot be written: File exists\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "name a FILE to copy to, --keys FILE, or both; or --make-key FILE alone"),
        (["a", "--make-key", "b"], "name a FILE to copy to, --keys FILE, or both; or --make-key FILE alone"),
        (["a", "--keep-days", "0"], "--keep-days is between 1 and 30"),
        (["a", "--keep-days", "31"], "--keep-days is between 1 and 30"),
        (["/nowhere/at/all"], "/nowhere/at/all cannot be written: No such file or directory"),
    ],
)
def test_asked_wrongly_it_says_so_in_one_line(words: list[str], says: str, operator: Operator, capsys: Said) -> None:
    capsys.readouterr()
    assert main(["backup", *words]) == 2
    assert capsys.readouterr().err == f"tertulia: {says}\n"


def test_without_a_public_key_nothing_is_written(operator: Operator, settings: LazySettings, capsys: Said) -> None:
    for keys, says in (
        ([], "names no public key to seal to: backup --make-key FILE makes a pair"),
        (["age1nonsense"], "holds something that is no public key of age (age1…)"),
    ):
        settings.BACKUP_RECIPIENTS = keys
        assert main(["backup", str(operator.folder / "a"), "--keys", str(operator.folder / "b")]) == 2
        # What lacks is said before anything is begun.
        assert capsys.readouterr() == ("", f"tertulia: TERTULIA_BACKUP_RECIPIENTS {says}\n")
    assert [path.name for path in operator.folder.iterdir()] == ["identity"]


def test_a_folder_is_not_an_archive(operator: Operator, capsys: Said) -> None:
    capsys.readouterr()
    assert main(["restore", str(operator.folder), "--identity", str(operator.folder / "identity")]) == 2
    said = f"tertulia: {operator.folder} is a folder: name the file in it that `backup` wrote\n"
    assert capsys.readouterr() == ("", said)


def test_what_is_there_already_is_not_overwritten(operator: Operator, capsys: Said) -> None:
    archive = operator.back_up()
    content = archive.read_bytes()
    assert main(["backup", str(archive)]) == 2
    assert capsys.readouterr().err == f"tertulia: there is a file at {archive} already: name another one\n"
    assert archive.read_bytes() == content


def test_in_folders_copies_are_named_by_their_time_and_old_ones_go(operator: Operator, capsys: Said) -> None:
    for name in ("house", "keys"):
        (operator.folder / name).mkdir()
        for day in ("2020-01-01-0300", "2999-01-01-0300"):
            for kind in (HOUSE, KEYS):
                (operator.folder / name / f"tertulia-{kind}-{day}.age").touch()
        (operator.folder / name / "letters.age").touch()
    capsys.readouterr()
    words = [str(operator.folder / "house"), "--keys", str(operator.folder / "keys"), "--keep-days", "30", "--json"]
    assert main(["backup", *words]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(kind, told[kind]["removed"]) for kind in told] == [(HOUSE, 1), (KEYS, 1)]
    for kind in (HOUSE, KEYS):
        made = Path(told[kind]["file"])
        assert re.fullmatch(rf"tertulia-{kind}-\d{{4}}-\d\d-\d\d-\d{{4}}\.age", made.name)
        assert made.exists()
    left = {path.name for path in (operator.folder / "keys").iterdir()} - {Path(told[KEYS]["file"]).name}
    # Of its own kind alone, and nothing that is named otherwise.
    assert left == {
        "tertulia-keys-2999-01-01-0300.age",
        "tertulia-house-2020-01-01-0300.age",
        "tertulia-house-2999-01-01-0300.age",
        "letters.age",
    }


def test_copies_of_keys_go_within_a_week_whatever_is_asked(tmp_path: Path) -> None:
    of_last_week = datetime.now(UTC) - timedelta(days=7)
    for kind in (HOUSE, KEYS):
        (tmp_path / f"tertulia-{kind}-{of_last_week:%Y-%m-%d-%H%M}.age").touch()
    assert shelf.clear(KEYS, tmp_path, shelf.MOST_DAYS) == 1
    assert shelf.clear(HOUSE, tmp_path, shelf.MOST_DAYS) == 0
    assert shelf.LONGEST_DAYS[KEYS] < 7


def test_while_somebody_works_here_nothing_is_restored_and_the_other_way_round(
    operator: Operator, capsys: Said
) -> None:
    a_scene()
    archive = operator.back_up()
    capsys.readouterr()
    with shared():
        assert operator.restore(archive) == 2
        assert (
            capsys.readouterr().err == f"tertulia: the data folder {settings.DATA} is in use: stop the servers first\n"
        )
        assert operator.restore(archive, "--verify") == 0
        operator.back_up("beside.age")
    with alone():
        for words in (["worker", "--drain"], ["prepare"], ["backup", str(operator.folder / "late.age")]):
            capsys.readouterr()
            assert main(words) == 2
            said = capsys.readouterr().err
            assert said == "tertulia: a backup is being restored here: wait until that is done\n"
        assert operator.restore(archive) == 2
        assert capsys.readouterr().err == "tertulia: a backup is being restored here: wait until that is done\n"
    with pytest.raises(Unusable), shared(), alone():
        pass


def test_what_a_killed_look_at_an_archive_left_is_removed_by_the_next_command(operator: Operator) -> None:
    left = settings.DATA / ".verify-killed"
    left.mkdir()
    (left / "database").write_bytes(b"somebody's")
    assert main(["worker", "--drain"]) == 0
    assert not left.exists()


@pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="there are no such programs for SQLite")
def test_a_program_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert Path(postgres.program("pg_dump")).exists()
    monkeypatch.setattr(Path, "glob", lambda *_words: iter(()))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unfit, match=r"^pg_dump of PostgreSQL \d+ or newer is needed \(on Debian: apt-get install"):
        postgres.program("pg_dump")
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho pg_dump '(PostgreSQL) 9.6'\n")
    old.chmod(0o755)
    with pytest.raises(Unfit):
        postgres.program("pg_dump")
    old.write_text("#!/bin/sh\necho pg_dump '(PostgreSQL) 99.1'\n")
    assert postgres.program("pg_dump") == str(old)


def test_both_archives_say_of_which_house_they_are(operator: Operator, capsys: Said) -> None:
    a_scene()
    house = settings.ERASURES.house()
    capsys.readouterr()
    words = [str(operator.folder / "house.age"), "--keys", str(operator.folder / "keys.age")]
    assert main(["backup", *words]) == 0
    assert capsys.readouterr().out.count(f" of house {house}\n") == 2
    for name in ("house.age", "keys.age"):
        assert operator.restore(operator.folder / name, "--verify") == 0
        assert f"The archive of house {house} is whole: " in capsys.readouterr().out
        assert operator.restore(operator.folder / name, "--json") == 0
        assert json.loads(capsys.readouterr().out)["house"] == house


def test_where_the_key_of_the_list_is_lost_no_copy_is_made_and_no_key(operator: Operator, capsys: Said) -> None:
    key = settings.KEYS.get(ERASURES)
    settings.KEYS.destroy(ERASURES)
    why = "the key of the erasure list is not among the keys: put these back first"
    try:
        for words in ([str(operator.folder / "house.age")], ["--keys", str(operator.folder / "keys.age")]):
            capsys.readouterr()
            assert main(["backup", *words]) == 2
            assert capsys.readouterr().err == f"tertulia: {why}\n"
        assert main(["prepare", "--verbosity=0"]) == 0
        assert capsys.readouterr().err == f"{why}; until then nothing can be deleted\n"
        assert not settings.KEYS.has(ERASURES)
    finally:
        settings.KEYS.put(ERASURES, key)


def test_a_scratch_folder_that_vanishes_stops_nobody(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    glob = Path.glob

    def vanish(folder: Path, pattern: str) -> list[Path]:
        return [tmp_path / "gone"] if pattern == ".verify-*" else list(glob(folder, pattern))

    monkeypatch.setattr(Path, "glob", vanish)
    with at_home(makes_folders=False):
        pass


@pytest.mark.parametrize(("where", "name"), [(tempfile, "mkdtemp"), (fcntl, "flock")])
def test_a_scratch_folder_that_is_taken_for_a_remain_is_made_anew(
    where: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is opened, or before it is locked."""
    real = getattr(where, name)
    taken: list[Path] = []

    def lose(*words: Any, **more: Any) -> Any:
        told = real(*words, **more)
        if not taken:
            taken.extend(settings.DATA.glob(".verify-*"))
            taken[0].rmdir()
        return told

    monkeypatch.setattr(where, name, lose)
    with scratch() as folder:
        assert (folder.is_dir(), folder != taken[0]) == (True, True)
    assert not folder.exists()
