"""A server as the machine sees it: the memory and the processor time of a process with all that it started."""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import psutil

MEGABYTE = 1_000_000
START_SECONDS = 120.0
QUIET_SECONDS = 5.0
QUIET_SHARE = 0.1  # of one processor, over that time; the reloader of runserver takes 0.05
PATIENCE_SECONDS = 60.0
ASK_AGAIN_SECONDS = 0.01


@dataclass(frozen=True)
class Spread:
    """The median of several readings, with the least and the greatest of them."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, readings: Sequence[float]) -> Spread:
        """The spread of at least one reading."""
        return cls(statistics.median(readings), min(readings), max(readings))

    def shown(self, digits: int) -> str:
        """`median (least to most)`, each with so many digits behind the point."""
        return f"{self.median:.{digits}f} ({self.least:.{digits}f} to {self.most:.{digits}f})"


def tree(root: int) -> list[psutil.Process]:
    """The process with the id `root` and everything that descends from it and still lives."""
    first = psutil.Process(root)
    return [first, *first.children(recursive=True)]


def memory(root: int) -> float:
    """The proportional set size of the tree in MB, as if nobody else on the machine had the same files open.

    What its processes share is counted once, and a page of a library in full, whoever else runs the same Python.
    """
    processes = tree(root)
    files: Counter[str] = Counter()
    for process in processes:
        files |= _file_pages(process)
    return (sum(_anonymous(process) for process in processes) + files.total()) / MEGABYTE


def _anonymous(process: psutil.Process) -> int:
    """The proportional size of what stands in no file, in bytes; shared memory among it."""
    lines = (line.split() for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()[1:])
    sizes = {words[0]: int(words[1]) * 1024 for words in lines}
    return sizes["Pss_Anon:"] + sizes["Pss_Shmem:"]


def _file_pages(process: psutil.Process) -> Counter[str]:
    """The bytes of each file that are in memory and unchanged."""
    pages: Counter[str] = Counter()
    for part in process.memory_maps(grouped=False):
        if part.path.startswith("/"):
            pages[part.path] += part.rss - part.anonymous
    return pages


def processor(root: int) -> float:
    """User and system seconds that the tree has used so far, with those of children that have ended."""
    return sum(sum(process.cpu_times()[:4]) for process in tree(root))


def rest(root: int) -> float:
    """Wait until the tree has been quiet for 5 s; the share of one processor that it used in the last 5 s.

    What never comes to rest is waited for during a minute; its share says so.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        before, began = processor(root), time.monotonic()
        time.sleep(QUIET_SECONDS)
        share = (processor(root) - before) / (time.monotonic() - began)
        if share <= QUIET_SHARE or time.monotonic() > until:
            return share


def free_port() -> int:
    """A port on loopback that nobody uses just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def ask(address: str) -> int:
    """The status of the page at `address` on this machine, after redirects; 0 when nobody listens yet."""
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - our own server, on loopback
            answer.read()
            return int(answer.status)
    except URLError as fault:
        return getattr(fault, "code", 0)


def first_page(address: str, process: subprocess.Popen[bytes]) -> None:
    """Ask for the page until it is given with 200; RuntimeError when the server ends, or after two minutes."""
    until = time.monotonic() + START_SECONDS
    while ask(address) != 200:
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"no page from {process.args!r}")
        time.sleep(ASK_AGAIN_SECONDS)


@contextmanager
def started(line: Sequence[str], folder: Path, variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in `folder` with these environment `variables` added; it and its children end with the block."""
    with (folder / "said.log").open("ab") as said:
        process = subprocess.Popen(
            line, cwd=folder, env=os.environ | variables, stdout=said, stderr=said, start_new_session=True
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # whatever it has left behind
