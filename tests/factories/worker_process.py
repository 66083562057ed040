"""Real worker processes for tests, on the test's own database.

`python -m tests.factories.worker_process` stands by; with `fork` it forks a worker, prints its id and waits.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Look again and again until `condition` holds; TimeoutError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"it did not come about within {seconds} s")
        time.sleep(0.02)


def database_address() -> str:
    """The address of the database that this test runs on."""
    from django.db import connection

    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    user = f"{told['USER']}:{quote(told['PASSWORD'], safe='')}" if told["PASSWORD"] else told["USER"]
    port = f":{told['PORT']}" if told["PORT"] else ""
    return f"postgres://{user}@{quote(told['HOST'], safe='')}{port}/{told['NAME']}"


@contextmanager
def workers(count: int = 1, *words: str) -> Iterator[list[subprocess.Popen[str]]]:
    """That many worker processes on the test's database, with short waits; stopped in the end."""
    processes = [_start(*words) for _ in range(count)]
    try:
        yield processes
    finally:
        for process in processes:
            stop(process)


def _start(*words: str) -> subprocess.Popen[str]:
    waits = {"TERTULIA_LEASE_SECONDS": "1", "TERTULIA_RETRY_SECONDS": "0.1"}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.factories.worker_process", *words],
        env={**os.environ, "DATABASE_URL": database_address(), **waits},
        stdout=subprocess.PIPE,
        text=True,
    )


def stop(process: subprocess.Popen[str]) -> int:
    """Ask the process to stop, and give its exit code; one that does not stop is killed (-9)."""
    process.terminate()
    try:
        return process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
    finally:
        if process.stdout:
            process.stdout.close()


def main(words: list[str]) -> None:
    """Be the process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tertulia.project.settings")
    import django

    django.setup()
    from tertulia.project import worker
    from tests.factories import work  # noqa: F401 - it registers its tasks

    if words == ["fork"]:
        print(worker.fork_child(), flush=True)
        signal.pause()
    worker.stand_by()


if __name__ == "__main__":
    main(sys.argv[1:])
