"""`./run prove room`: what a room withstands, tried at length."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

from tests.prove._steps import Outcome, Step, prove

IN_TIME = {"TERTULIA_SEEDS": "1,2,3,4,5,6,7,8", "TERTULIA_SILENT_SECONDS": "60", "TERTULIA_WRITTEN_SECONDS": "10"}


def killed() -> Iterator[Outcome]:
    """`serve` on SQLite is killed 20 times while people write: nothing acknowledged is lost or doubled."""
    yield from _tried("tests/faults/test_server_killed.py", TERTULIA_KILLS="20")


def hostile() -> Iterator[Outcome]:
    """500 heads that trickle and 5,000 idle lines keep nobody from talking; what is wrong is answered clearly."""
    yield from _tried("tests/faults/test_hostile.py", TERTULIA_IDLE="5000")


def weak() -> Iterator[Outcome]:
    """Over eight weak lines one reads and writes within ten seconds; a minute of silence costs at most 2 KB."""
    yield from _tried("tests/journeys/test_weak_line.py", **IN_TIME)


def full() -> Iterator[Outcome]:
    """A full disk refuses and nothing is lost; a damaged log is one line that says what to do."""
    yield from _tried("tests/faults/test_store.py")


def state() -> Iterator[Outcome]:
    """100 evenings by chance: who listens from anywhere sees what a fresh look shows, without what was taken back."""
    yield from _tried("tests/live/relay/test_state.py", TERTULIA_EVENINGS="100")


def two() -> Iterator[Outcome]:
    """Two relays, as on two hosts: each of 4,000 messages is heard at both, once, in order, also over 20 cut lines."""
    much = {"TERTULIA_TEST_DATABASE": "postgresql", "TERTULIA_SAID": "4000", "TERTULIA_CUTS": "20"}
    yield from _tried("tests/live/relay/store/test_two_relays.py", "-k", "postgresql", **much)


def nchan() -> Iterator[Outcome]:
    """100 people hear each other through nchan and Redis; nginx is reloaded, Redis restarted, the relay killed."""
    yield from _tried("tests/deploy/test_nchan.py", TERTULIA_PARTICIPANTS="100", TERTULIA_MINUTES="0.5")


def apart() -> Iterator[Outcome]:
    """Relay, web, worker and PostgreSQL are each killed 20 times while people write: the books balance."""
    yield from _tried("tests/deploy/test_kills.py", TERTULIA_ROUNDS="20")


STEPS: dict[str, Step] = {
    "killed": killed,
    "hostile": hostile,
    "weak": weak,
    "full": full,
    "state": state,
    "two": two,
    "nchan": nchan,
    "apart": apart,
}


def _tried(file: str, *words: str, **environment: str) -> Iterator[Outcome]:
    """What the tests in `file` came to; all that they say goes to standard output before."""
    line = [sys.executable, "-m", "pytest", "-q", "-rs", "-o", "timeout=900", file, *words]
    done = subprocess.run(line, env=os.environ | environment, check=False, stdout=subprocess.PIPE, text=True)
    said = done.stdout.strip().splitlines()
    print(done.stdout, flush=True)
    # What was skipped was not shown.
    held = done.returncode == 0 and "skipped" not in said[-1]
    yield Outcome(file, held, said[-1] if said else "nothing was said")


if __name__ == "__main__":
    sys.exit(prove("room", STEPS, sys.argv[1:]))
