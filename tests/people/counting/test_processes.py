"""Several processes count into one file: at the close all of them hand in; one that is killed loses 49 at most."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tertulia.people.counting.totals import Totals
from tests.ground.nursery import until

# Counts as many answers as each line says, and says when it is done.
COUNTING = """
import sys
from pathlib import Path
from tertulia.people.counting.buffer import Buffer
from tertulia.people.counting.totals import Totals
buffer = Buffer(Totals(Path(sys.argv[1])), look_seconds=0.05)
for line in sys.stdin:
    for _ in range(int(line)):
        buffer.add("nights", "country", sys.argv[2])
    print(buffer.waits(), flush=True)
buffer.hand_in()
"""


class Counting:
    """A process that counts."""

    def __init__(self, file: Path, country: str) -> None:
        line = [sys.executable, "-c", COUNTING, str(file), country]
        self.process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def count(self, number: int) -> int:
        """Let it count that `number` of answers; how many wait then."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{number}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def end(self) -> None:
        """Let it come to its end."""
        self.process.communicate(timeout=60)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "counting.sqlite3"


@pytest.fixture
def crew(file: Path) -> Iterator[list[Counting]]:
    crew = [Counting(file, country) for country in ("PT", "NP", "UY")]
    yield crew
    for one in crew:
        one.process.kill()
        one.process.communicate()


def test_all_processes_hand_in_when_the_event_has_ended(file: Path, crew: list[Counting]) -> None:
    assert [one.count(20) for one in crew] == [20, 20, 20]
    assert Totals(file).read("nights") == {}
    Totals(file).end("nights", 1000)
    until(lambda: sum(Totals(file).read("nights").get("country", {}).values()) == 60)
    assert Totals(file).read("nights") == {"country": {"NP": 20, "PT": 20, "UY": 20}}


def test_processes_that_write_at_once_lose_nothing(file: Path, crew: list[Counting]) -> None:
    for one in crew:
        assert one.process.stdin
        one.process.stdin.write("1234\n")
        one.process.stdin.flush()
    for one in crew:
        one.end()
    assert Totals(file).read("nights") == {"country": {"NP": 1234, "PT": 1234, "UY": 1234}}


def test_what_is_killed_loses_what_waits_and_no_more(file: Path, crew: list[Counting]) -> None:
    killed = crew[0]
    assert killed.count(99) == 49
    killed.process.kill()
    killed.process.wait()
    assert Totals(file).read("nights") == {"country": {"PT": 50}}
    # And the file is whole for the others.
    assert crew[1].count(50) == 0
    assert Totals(file).read("nights") == {"country": {"NP": 50, "PT": 50}}
