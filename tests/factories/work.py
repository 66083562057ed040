"""Work that leaves a trace: a group in the database (the effect, once) and a line in a journal (each run)."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.contrib.auth.models import Group

from tertulia.kit.tasks import task

SECRET = "what a person said"
JOURNAL = "TERTULIA_TEST_JOURNAL"


@task("tests.note")
def note(name: str) -> None:
    _write(name)
    Group.objects.get_or_create(name=name)


@task("tests.hang_once")
def hang_once(name: str) -> None:
    """Take effect, and the first time never come back."""
    first = not journal().exists()
    note(name)
    while first:
        time.sleep(60)


@task("tests.wait_for_gate")
def wait_for_gate(name: str) -> None:
    """Be in hand until the file `gate` stands beside the journal."""
    note(name)
    while not (journal().parent / "gate").exists():
        time.sleep(0.01)


@task("tests.fail")
def fail(_name: str) -> None:
    raise ValueError(SECRET)


def journal() -> Path:
    return Path(os.environ[JOURNAL])


def runs() -> list[tuple[str, int]]:
    """Each run so far: the name, and the process that ran it."""
    lines = journal().read_text().splitlines() if journal().exists() else []
    return [(line.split()[0], int(line.split()[1])) for line in lines]


def _write(name: str) -> None:
    with journal().open("a") as file:
        file.write(f"{name} {os.getpid()}\n")
