"""A restore that is killed leaves the house as it was, or as it is to be; the next command clears up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tertulia.people.models import Account
from tertulia.project.backup import restoring
from tertulia.project.commandline import main
from tests.factories import make_account
from tests.project.backup.cut_off import MOMENTS
from tests.project.backup.scenes import Operator, a_scene, close, say

pytestmark = pytest.mark.django_db(transaction=True)
IS_NEW = {"settled"}


def killed(moment: str, operator: Operator, archive: Path) -> int:
    """The exit code of a restore in a process of its own, that is killed."""
    close()
    line = [sys.executable, "-m", "tests.project.backup.cut_off", moment, str(archive), str(operator.identity)]
    return subprocess.run(line, env=dict(os.environ), check=False, capture_output=True).returncode


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_restore_that_is_killed_leaves_one_whole_house(moment: str, operator: Operator) -> None:
    scene = a_scene()
    archive = operator.back_up()
    make_account()
    say(scene.rooms[0], "later")
    (settings.DATA / "media/documents/later.txt").write_text("later")
    old = (Account.objects.count(), [["hello", "again", "later"], ["hello", "again"]], True)
    new = (old[0] - 1, [["hello", "again"], ["hello", "again"]], False)

    assert killed(moment, operator, archive) == -signal.SIGKILL
    assert main(["worker", "--drain"]) == 0

    left = sorted(path.name for path in settings.DATA.iterdir() if path.name.startswith("."))
    is_later = (settings.DATA / "media/documents/later.txt").exists()
    assert (Account.objects.count(), scene.said(), is_later) == (new if moment in IS_NEW else old)
    assert (left, schemas()) == ([], {"public", "rooms"} if connection.vendor == "postgresql" else set())

    assert operator.restore(archive) == 0
    is_later = (settings.DATA / "media/documents/later.txt").exists()
    assert (Account.objects.count(), scene.said(), is_later) == new


def schemas() -> set[str]:
    """The schemas of the database that are not PostgreSQL's own."""
    if connection.vendor == "sqlite":
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'")
        return {name for (name,) in cursor.fetchall()}


def test_a_fault_while_settling_in_puts_the_former_house_back(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = a_scene()
    archive = operator.back_up()
    make_account()
    before = Account.objects.count()
    with monkeypatch.context() as broken:
        broken.setattr(restoring, "take_up_restored_log", full)
        assert operator.restore(archive) == 2
    assert capsys.readouterr().err == "tertulia: the archive could not be put back: No space left on device\n"
    assert (Account.objects.count(), scene.said()) == (before, [["hello", "again"], ["hello", "again"]])
    assert not (settings.DATA / ".restore").exists()


def full(*_anything: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_disk_that_is_full_leaves_no_archive_and_no_change(
    operator: Operator, capsys: pytest.CaptureFixture[str]
) -> None:
    a_scene()
    archive = operator.back_up()
    close()
    held = files()
    # What measures the tests writes into a file as well, and would complain of the same.
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith(("COVERAGE_", "COV_"))}
    script = "ulimit -f 200; trap '' XFSZ; exec \"$@\""
    for words in (
        ["backup", str(operator.folder / "small.age")],
        ["restore", str(archive), "--identity", str(operator.identity)],
    ):
        line = ["bash", "-c", script, "sh", sys.executable, "-m", "tertulia.project", *words]
        environment = unmeasured | {"TERTULIA_BACKUP_RECIPIENTS": " ".join(settings.BACKUP_RECIPIENTS)}
        done = subprocess.run(line, env=environment, check=False, capture_output=True, text=True)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert sorted(path.name for path in operator.folder.iterdir()) == ["house.age", "identity"]
    assert files() == held


def files() -> list[str]:
    """What is in the data folder, without what belongs to an SQLite file that is open."""
    names = (str(path.relative_to(settings.DATA)) for path in settings.DATA.rglob("*"))
    return sorted(name for name in names if not name.endswith(("-wal", "-shm")))
