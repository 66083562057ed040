"""Real worker processes for tests, forked off one loaded process, on the database of the test.

`python -m tests.ground.nursery` is that process: for each journal that it is told, it forks a worker and tells its id.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import psutil

JOURNAL = "TERTULIA_TEST_JOURNAL"
WAITS = {"TERTULIA_LEASE_SECONDS": "1", "TERTULIA_RETRY_SECONDS": "0.1"}
LIMIT_SECONDS = 60


def until(condition: Callable[[], object]) -> None:
    """Look again and again until `condition` holds; TimeoutError if that takes longer than LIMIT_SECONDS."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"it did not come about within {LIMIT_SECONDS} s")
        time.sleep(0.02)


@contextmanager
def workers(count: int) -> Iterator[list[psutil.Process]]:
    """That many workers with a lease of a second; told to stop in the end, and then gone."""
    parent = _nursery()
    processes = [fork_worker(parent) for _ in range(count)]
    try:
        yield processes
    finally:
        for process in processes:
            if process.is_running():
                process.terminate()
        for process in psutil.wait_procs(processes, timeout=10)[1]:
            process.kill()


def start_nursery() -> subprocess.Popen[str]:
    """Start the process that forks; ended with the test run at the latest."""
    nursery = subprocess.Popen(
        [sys.executable, "-m", "tests.ground.nursery"],
        env=os.environ | WAITS,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    atexit.register(end, nursery)
    return nursery


def fork_worker(nursery: subprocess.Popen[str]) -> psutil.Process:
    """A worker that writes into the journal of this test."""
    assert nursery.stdin
    assert nursery.stdout
    nursery.stdin.write(os.environ[JOURNAL] + "\n")
    return psutil.Process(int(nursery.stdout.readline()))


def end(nursery: subprocess.Popen[str]) -> None:
    """Kill the process that forks, if it is there, and wait for its end."""
    nursery.kill()
    nursery.communicate()


@cache
def _nursery() -> subprocess.Popen[str]:
    return start_nursery()


def main() -> None:
    """Be the process that forks."""
    import django

    django.setup()
    from tertulia.project import worker
    from tests.factories import work  # noqa: F401 - it registers its tasks

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ends leaves nothing behind
    for line in sys.stdin:
        os.environ[JOURNAL] = line.rstrip("\n")
        print(worker.fork_child(), flush=True)


if __name__ == "__main__":
    main()
