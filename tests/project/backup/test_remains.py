"""What a backup or a restore leaves on the disk, also when it fails or is killed: no key, and no half archive."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from tarfile import TarFile, TarInfo

import pytest
from django.conf import settings

from tertulia.project.backup import archive as archives
from tertulia.project.backup import envelope
from tertulia.project.commandline import main
from tests.project.backup.scenes import Operator, a_scene, burn_down, close, say

pytestmark = pytest.mark.django_db(transaction=True)


class Watch:
    """A second name for each key that is laid out of an archive: what becomes of it is seen there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()

    def see(self, folder: Path, name: str) -> None:
        """Take a second name for the part called `name`, if it is one that nobody is to find."""
        path = folder / name
        if path.is_file() and Path(name).parts[0] in {"keys", "pepper"}:
            os.link(path, self.folder / name.replace("/", "-"))

    def kept(self) -> tuple[int, int]:
        """How many were laid, and how many bytes of them are still there."""
        found = list(self.folder.iterdir())
        return len(found), sum(path.stat().st_size for path in found)


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Sees every part that is laid, at the moment when it is."""
    made = Watch(tmp_path / "watch")
    lay = archives._lay

    def watched(tar: TarFile, member: TarInfo, folder: Path) -> dict[str, object]:
        told = lay(tar, member, folder)
        made.see(folder, member.name)
        return told

    monkeypatch.setattr(archives, "_lay", watched)
    return made


def cut_short(archive: Path, operator: Operator) -> Path:
    """An archive whose envelope ends before its last word."""
    short = operator.folder / "short.age"
    with archive.open("rb") as file, envelope.opened(file, envelope.identities(operator.identity)) as stream:
        content = b"".join(iter(lambda: stream.read(65_536), b""))
    with short.open("wb") as out, envelope.sealed(out, envelope.recipients(settings.BACKUP_RECIPIENTS)) as sealed:
        sealed.write(content[: content.index(b"pepper")])
    return short


@pytest.mark.parametrize("words", [["--verify"], []])
def test_no_key_is_left_by_a_look_or_by_a_restore_or_by_one_that_fails(
    words: list[str], operator: Operator, watch: Watch
) -> None:
    a_scene()
    archive = operator.back_up_keys()
    assert operator.restore(archive, *words) == 0
    laid, left = watch.kept()
    assert (laid > 5, left) == (True, 0)
    for path in watch.folder.iterdir():
        path.unlink()
    assert operator.restore(cut_short(archive, operator), *words) == 2
    assert watch.kept() == (laid - 1, 0)


def test_the_keys_that_came_back_are_there(operator: Operator, watch: Watch) -> None:
    scene = a_scene()
    house, keys = operator.back_up(), operator.back_up_keys()
    burn_down(keys=True)
    assert (operator.restore(keys), operator.restore(house)) == (0, 0)
    assert (scene.can_come_back(), watch.kept()[1]) == ([True, True], 0)


@pytest.mark.parametrize("name", [".verify-killed", ".restore/new"])
def test_what_a_killed_one_left_is_overwritten_by_the_next_command(name: str, operator: Operator, watch: Watch) -> None:
    left = settings.DATA / name
    (left / "keys/rooms").mkdir(parents=True)
    for file in ("keys/erasures", "keys/rooms/abc", "pepper", "keys/.abc.0123"):
        (left / file).write_bytes(b"a key")
        watch.see(left, file)
    assert main(["worker", "--drain"]) == 0
    assert (watch.kept(), left.exists()) == ((4, 0), False)


def command_that_gets(number: int, where: str, *words: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, to which a signal is sent where it comes to `where`."""
    close()
    script = (
        "import os, sys, django; django.setup()\n"
        "from tertulia.project.backup import archive, restoring\n"
        "from tertulia.project.commandline import main\n"
        f"{where} = lambda *_words: os.kill(os.getpid(), {number})\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    environment = os.environ | {"TERTULIA_BACKUP_RECIPIENTS": " ".join(settings.BACKUP_RECIPIENTS)}
    line = [sys.executable, "-c", script, *words]
    return subprocess.run(line, env=environment, check=False, capture_output=True, text=True)


def backup_that_gets(number: int, operator: Operator) -> subprocess.CompletedProcess[str]:
    """A backup to which a signal is sent while it writes."""
    return command_that_gets(number, "archive.Writer.put", "backup", str(operator.folder / "house.age"))


def test_a_backup_that_is_told_to_stop_leaves_nothing(operator: Operator) -> None:
    done = backup_that_gets(signal.SIGTERM, operator)
    assert (done.returncode, done.stderr) == (130, "tertulia: stopped\n")
    assert [path.name for path in operator.folder.iterdir()] == ["identity"]


def test_a_restore_that_is_told_to_stop_leaves_the_house_as_it_was(operator: Operator) -> None:
    scene = a_scene()
    archive = operator.back_up()
    say(scene.rooms[0], "later")
    words = ("restore", str(archive), "--identity", str(operator.identity))
    done = command_that_gets(signal.SIGTERM, "restoring._erase_again", *words)
    assert (done.returncode, done.stderr) == (130, "tertulia: stopped\n")
    assert not (settings.DATA / ".restore").exists()
    assert scene.said() == [["hello", "again", "later"], ["hello", "again"]]


def test_what_a_killed_backup_left_is_cleared_by_the_next_one(operator: Operator) -> None:
    assert backup_that_gets(signal.SIGKILL, operator).returncode == -signal.SIGKILL
    (left,) = (path for path in operator.folder.iterdir() if path.name.startswith("."))
    others = [
        operator.folder / f".{name}"
        for name in ("tertulia-keys-2026-11-22-0300.age.01234567", "letters.age.01234567", "house.age.mine")
    ]
    for path in others:
        path.touch()
    operator.back_up()
    assert not left.exists()
    # One that bears a day in its name is another day's; what is named otherwise is not ours.
    assert [path.exists() for path in others] == [False, True, True]


def test_a_draft_that_is_being_written_stays(operator: Operator) -> None:
    from tertulia.project.backup.draft import drafted

    with drafted(operator.folder / "house.age") as file:
        file.write(b"a part")
        operator.back_up("other.age")
        operator.back_up_keys("house.age")
        (operator.folder / "house.age").unlink()
    assert (operator.folder / "house.age").read_bytes() == b"a part"
