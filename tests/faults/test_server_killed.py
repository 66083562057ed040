"""The server is killed again and again while people write: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.ground.served import Served

KILLS = int(os.environ.get("TERTULIA_KILLS", "8"))
PARTICIPANTS = 40
RATE = 15
# The server dies at a random moment within so many seconds after it has stored so many messages in this life.
AT_WORK = 5
LONGEST_REST = 0.5
LONGEST_LIFE = 60.0
SCHEDULE = Path(__file__).parent.parent / "programme" / "files" / "small.json"


@pytest.mark.journey
@pytest.mark.usefixtures("django_db_setup")
@pytest.mark.timeout(600)
def test_books_balance_when_the_server_is_killed_at_random_moments(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    served = Served(tmp_path)
    assert served.command("prepare").returncode == 0
    assert served.command("event", "import", str(SCHEDULE), "--slug", "killed").returncode == 0
    served.command("worker", "--drain")
    served.start()
    rehearsal = _rehearsal(served)
    kills = _kill_again_and_again(served, rehearsal)
    out, err = rehearsal.communicate(timeout=180)
    served.stop()

    figures = json.loads(out)
    with capfd.disabled():
        print(f"\nkilled {kills} times with {figures['posts_acknowledged']} posts acknowledged: {figures}")
    assert rehearsal.returncode == 0, err
    assert kills == KILLS
    assert (figures["lost"], figures["doubled"], figures["out_of_order"], figures["errors"]) == (0, 0, 0, 0)
    assert figures["deliveries"] == figures["deliveries_expected"]
    assert figures["posts_acknowledged"] > KILLS * 10


def _rehearsal(served: Served) -> subprocess.Popen[str]:
    """People who write until they are told that it is over: longer than the kills can take."""
    words = ["event", "rehearse", "killed", "--url", served.url, "--json", "--participants", str(PARTICIPANTS)]
    words += ["--rate", str(RATE), "--minutes", str(max(0.5, KILLS * 4 / 60))]
    line = [sys.executable, "-m", "tertulia.project", *words]
    rehearsal = subprocess.Popen(
        line, env=served.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert rehearsal.stderr
    while "they talk" not in rehearsal.stderr.readline():
        assert rehearsal.poll() is None
    return rehearsal


def _kill_again_and_again(served: Served, rehearsal: subprocess.Popen[str]) -> int:
    kills = 0
    while kills < KILLS and rehearsal.poll() is None:
        _wait_until_at_work(served)
        time.sleep(random.uniform(0, LONGEST_REST))
        served.kill()
        kills += 1
        served.start()
    return kills


def _wait_until_at_work(served: Served) -> None:
    stored, until = served.stored(), time.monotonic() + LONGEST_LIFE
    while served.stored() < stored + AT_WORK and time.monotonic() < until:
        time.sleep(0.02)
