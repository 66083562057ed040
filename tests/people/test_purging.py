"""What was deleted is in no file of the database any more."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tertulia.kit import tasks
from tertulia.people.actions import clear_ended, delete_account
from tertulia.people.models import Session
from tertulia.programme.actions.closing import clear_participations
from tertulia.programme.models import Event, Participation
from tertulia.project import queue
from tertulia.project.worker import drain
from tests.factories import make_event
from tests.factories.people import make_participant

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "Quetzal-7f3a"


@pytest.fixture
def files() -> Path:
    """Where SQLite keeps the database, its log of changes and the index of that log."""
    if connection.vendor != "sqlite":
        pytest.skip("nothing is claimed on PostgreSQL")
    return Path(settings.DATABASES["default"]["NAME"])


def holding(files: Path) -> list[str]:
    """The files in which the canary can be read."""
    return sorted(file.name for file in files.parent.glob(f"{files.name}*") if CANARY.encode() in file.read_bytes())


def delete_who_is_in() -> None:
    account, _phrase = make_participant(make_event(), CANARY)
    delete_account(account)


def clear_who_was_in() -> None:
    make_participant(make_event(), CANARY)
    Event.objects.update(closed_on=timezone.now().date() - timedelta(days=Participation.retention.days))
    assert clear_participations() == 1


def clear_an_old_session() -> None:
    Session.objects.create(token_hash=b"x" * 32, held=CANARY, expires_on="2021-11-16")
    clear_ended()


@pytest.mark.parametrize("deletion", [delete_who_is_in, clear_who_was_in, clear_an_old_session])
def test_what_was_deleted_is_on_no_disk(files: Path, deletion: Callable[[], None]) -> None:
    deletion()
    # Without more, the log of changes would keep it.
    assert holding(files) == [f"{files.name}-wal"]
    drain()
    assert holding(files) == []
    assert queue.failed() == []
    # A row would say at which second somebody left for good.
    assert [row for row in DBTaskResult.objects.all() if queue.name_of(row) == "people.purge"] == []


def test_while_somebody_reads_it_is_tried_again(files: Path, settings: Any) -> None:
    settings.TERTULIA_RETRY_SECONDS = 0.0
    delete_who_is_in()
    with contextlib.closing(sqlite3.connect(files, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM people_account").fetchone()
        with pytest.raises(TimeoutError):
            tasks.run("people.purge")
        assert connection.cursor().execute("PRAGMA busy_timeout").fetchone() == (20_000,)
        drain(most=3)
        assert holding(files) == [f"{files.name}-wal"]
        assert queue.failed() == []
    drain()
    assert holding(files) == []


@pytest.mark.parametrize("clear", [clear_ended, clear_participations])
def test_where_nothing_goes_nothing_is_purged(clear: Callable[[], object]) -> None:
    clear()
    assert [queue.name_of(row) for row in queue._rows()] == []
