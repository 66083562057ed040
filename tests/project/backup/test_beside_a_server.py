"""A copy of a house that is served and full of people, and its restore when the server was stopped."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ground.served import Served

SCHEDULE = Path(__file__).parents[2] / "programme" / "files" / "small.json"


@pytest.mark.journey
@pytest.mark.usefixtures("django_db_setup")
@pytest.mark.timeout(300)
def test_a_served_house_is_copied_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(tmp_path / "house")
    identity = tmp_path / "identity"
    assert served.command("prepare").returncode == 0
    assert served.command("event", "import", str(SCHEDULE), "--slug", "copied").returncode == 0
    served.command("worker", "--drain")
    made = served.command("backup", "--make-key", str(identity), "--json")
    monkeypatch.setenv("TERTULIA_BACKUP_RECIPIENTS", json.loads(made.stdout)["public"])
    served.start()
    people = ["event", "rehearse", "copied", "--url", served.url, "--participants", "10", "--rate", "20"]
    line = [sys.executable, "-m", "tertulia.project", *people, "--minutes", "0.3", "--json"]
    rehearsal = subprocess.Popen(
        line, env=served.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert rehearsal.stderr
    while "they talk" not in rehearsal.stderr.readline():
        assert rehearsal.poll() is None
    archive = tmp_path / "house.age"
    copied = served.command("backup", str(archive), "--json")
    assert (copied.returncode, copied.stderr) == (0, "")
    books = json.loads(rehearsal.communicate(timeout=120)[0])
    assert (books["lost"], books["doubled"], books["errors"]) == (0, 0, 0)

    restore = ["restore", str(archive), "--identity", str(identity)]
    refused = served.command(*restore)
    said = f"tertulia: the data folder {served.folder} is in use: stop the servers first\n"
    assert (refused.returncode, refused.stderr) == (2, said)
    assert served.command(*restore, "--verify").returncode == 0
    before = served.stored()
    assert served.stop() == 0
    done = served.command(*restore)
    assert (done.returncode, done.stderr) == (0, "")
    assert 0 < served.stored() < before
    served.start()
    assert served.stop() == 0
