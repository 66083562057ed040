"""Work that leaves a trace: a group in the database (the effect, once) and a line in a journal (each run)."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

from django.contrib.auth.models import Group
from django.utils import timezone

from tertulia.kit.registry import tasks as registered
from tertulia.kit.tasks import task
from tertulia.project.models import Due
from tests.ground.nursery import JOURNAL

SECRET = "what a person said"


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


def by_itself() -> list[str]:
    """The names of what runs by itself."""
    return sorted(name for name in registered.names() if registered.named(name).every_minutes is not None)


def schedule(*, due_in: timedelta) -> None:
    """Everything that runs by itself is next due then; before now: at once."""
    Due.objects.all().delete()
    Due.objects.bulk_create(Due(name=name, at=timezone.now() + due_in) for name in by_itself())


def _write(name: str) -> None:
    with journal().open("a") as file:
        file.write(f"{name} {os.getpid()}\n")
