"""Memory and processor time are those of a whole tree, whatever the neighbours do, and no run is left out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks._processes import MEGABYTE, Spread, first_page, free_port, memory, processor, started, tree

SIZE = 40 * MEGABYTE
WAIT = "print('ready', flush=True); input()"
FILL = f"import os; filled = os.urandom({SIZE}); "
IDLE_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {WAIT!r}])"
FULL_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {FILL + WAIT!r}])"
SHARING_CHILD = FILL + "child = os.fork(); os.read(0, 1) and os._exit(0) if child == 0 else None; " + WAIT


@contextmanager
def running(program: str) -> Iterator[int]:
    """The process id of a Python program that has said that it is ready."""
    line = [sys.executable, "-c", program]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process.pid
        process.communicate("\n\n")


def weighed(program: str) -> float:
    """The memory of a program, in MB."""
    with running(program) as root:
        return memory(root)


def test_the_memory_of_a_child_is_counted() -> None:
    assert weighed(FULL_CHILD) - weighed(IDLE_CHILD) == pytest.approx(SIZE / MEGABYTE, abs=2)


def test_memory_that_is_shared_after_a_fork_is_counted_once() -> None:
    assert weighed(SHARING_CHILD) - weighed(FILL + WAIT) == pytest.approx(0, abs=8)


def test_a_neighbour_with_the_same_file_open_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "library").write_bytes(bytes(SIZE))
    mapped = f"import mmap; opened = open({str(tmp_path / 'library')!r}, 'rb'); "
    mapped += "seen = mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ); sum(seen[::4096]); " + WAIT
    alone = weighed(mapped)
    with running(mapped):
        assert weighed(mapped) == pytest.approx(alone, abs=2)


def test_the_tree_holds_the_process_and_its_descendants() -> None:
    with running(IDLE_CHILD) as root:
        assert [process.ppid() for process in tree(root)] == [os.getpid(), root]


def test_the_processor_time_of_a_child_counts_also_when_it_has_ended() -> None:
    busy = "import time\nwhile time.process_time() < 0.5: pass"
    with running(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}]); {WAIT}") as root:
        assert processor(root) >= 0.5


def test_a_spread_leaves_no_reading_out() -> None:
    assert Spread.of([3, 100, 1, 2, 4]) == Spread(median=3, least=1, most=100)
    assert Spread.of([1.26, 1.24]).shown(1) == "1.2 (1.2 to 1.3)"


@pytest.mark.network
def test_a_server_that_ends_gives_no_page(tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}/"
    with started([sys.executable, "-c", "pass"], tmp_path, {}) as process:
        process.wait()
        with pytest.raises(RuntimeError, match="no page from"):
            first_page(nobody, process)
