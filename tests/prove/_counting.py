"""The attacks on what is counted without names, at length, and beside each what it finds where one counts naively."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

from tertulia.people.counting.disclosure import released
from tests.people.counting.attacker import EXACT, OURS
from tests.people.counting.equations import attack
from tests.people.counting.fakes import hits
from tests.people.counting.naive import exact, to_five
from tests.people.counting.populations import crowds
from tests.prove._steps import Outcome

CROWDS = 10_000
TRIALS = 4_000
MOST_ACCOUNTS = 40
LINKING = "tests/people/counting/test_linking.py"
# In 100 cases; luck allows for so many more, once in ten million.
BEST_BY_LOTS, LUCK = 59.5, 4.0


def linking() -> Iterator[Outcome]:
    """Backups, logs of changes and versions of rows join nobody with an answer, on either database."""
    for database in ("sqlite", "postgresql"):
        line = [sys.executable, "-m", "pytest", "-q", LINKING]
        environment = os.environ | {"TERTULIA_TEST_DATABASE": database}
        done = subprocess.run(line, env=environment, check=False, capture_output=True, text=True)
        said = done.stdout.strip().splitlines()
        yield Outcome(database, done.returncode == 0, said[-1] if said else "nothing was said")


def equations() -> Iterator[Outcome]:
    """Equations over all releases about 10,000 random crowds lead to no number of 1 to 10."""
    found = attack(crowds(1, CROWDS), released, OURS)
    held = (found.recovered, found.shown) == (0, 0) and found.there > CROWDS
    yield Outcome(f"{CROWDS} crowds", held, f"{found.recovered} of {found.there} numbers of 1 to 10 recovered")
    naive = attack(crowds(1, CROWDS), exact, EXACT)
    yield Outcome(
        "a naive release", naive.recovered > 0, f"{naive.recovered} of {naive.there} recovered: it is an attack"
    )


def accounts() -> Iterator[Outcome]:
    """Accounts of one's own, however many, tell hardly more than a coin about one person more."""
    share = {
        number: 100 * hits(released, number, TRIALS, seed=number) / TRIALS for number in range(1, MOST_ACCOUNTS + 1)
    }
    most = max(share, key=lambda number: share[number])
    told = f"right in {share[10]:.1f} of 100 cases with ten, in {share[most]:.1f} at most (with {most})"
    yield Outcome(f"1 to {MOST_ACCOUNTS} accounts", share[most] <= BEST_BY_LOTS + LUCK, told)
    naive = 100 * hits(to_five, 10, TRIALS, seed=1) / TRIALS
    yield Outcome(
        "a naive release", naive > BEST_BY_LOTS + LUCK, f"right in {naive:.0f} of 100 with ten: it is an attack"
    )
