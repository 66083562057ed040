"""A worker that is killed, told to stop, or orphaned: nothing is lost, and nothing takes effect twice."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tertulia.kit.tasks import enqueue
from tertulia.project import queue
from tests.factories import work
from tests.ground.nursery import JOURNAL, end, fork_worker, start_nursery, until, workers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def journal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv(JOURNAL, str(tmp_path / "journal"))
    return tmp_path / "journal"


@pytest.fixture(autouse=True)
def nothing_scheduled(transactional_db: None) -> None:
    work.schedule(due_in=timedelta(days=1))


def put(name: str, *arguments: int | str) -> None:
    with transaction.atomic():
        enqueue(name, *arguments)


def status_of(argument: str) -> str:
    return next(row.status for row in DBTaskResult.objects.all() if row.args_kwargs["args"][1] == argument)


def test_another_worker_takes_over_from_one_that_was_killed_and_the_effect_is_there_once() -> None:
    put("tests.hang_once", "k7")
    with workers(1) as [victim]:
        until(lambda: Group.objects.filter(name="k7").exists())
        victim.kill()
        victim.wait(10)
    assert status_of("k7") == "RUNNING"
    with workers(1) as [heir]:
        until(lambda: status_of("k7") == "SUCCESSFUL")
        assert [pid for _, pid in work.runs()] == [victim.pid, heir.pid]
    assert Group.objects.filter(name="k7").count() == 1
    assert len(DBTaskResult.objects.get().worker_ids) == 2


def test_a_task_that_takes_longer_than_the_lease_is_left_to_its_worker(journal: Path) -> None:
    put("tests.wait_for_gate", "k7")
    renewals = set()

    def renewed_for_two_leases() -> bool:
        renewals.add(DBTaskResult.objects.get().started_at)
        return len(renewals) > 2 * 3 + 1

    with workers(2):
        until(lambda: work.runs() != [])
        until(renewed_for_two_leases)
        (journal.parent / "gate").touch()
        until(lambda: status_of("k7") == "SUCCESSFUL")
    assert len(work.runs()) == 1


def test_a_task_that_kills_every_worker_is_given_up() -> None:
    put("tests.note", "k7")
    long_ago = timezone.now() - timedelta(hours=1)
    DBTaskResult.objects.update(status="RUNNING", started_at=long_ago, worker_ids=["w"] * (queue.TRIES - 1))
    assert queue.reclaim() == 1
    assert status_of("k7") == "READY"
    DBTaskResult.objects.update(status="RUNNING", started_at=long_ago, worker_ids=["w"] * queue.TRIES)
    assert queue.reclaim() == 1
    assert [(row["name"], row["fault"], row["tries"]) for row in queue.failed()] == [
        ("tests.note", "lost with its worker", queue.TRIES)
    ]


def test_a_worker_that_was_taken_over_from_changes_nothing_when_it_comes_to_its_end() -> None:
    put("tests.note", "k7")
    slow = queue.take()
    assert slow is not None
    assert queue.renew(slow)
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(hours=1))
    assert queue.reclaim() == 1
    heir = queue.take()
    assert heir is not None
    assert (queue.renew(slow), queue.finish(slow, None), queue.finish(slow, OSError())) == (False, False, False)
    assert status_of("k7") == "RUNNING"
    assert queue.finish(heir, None)
    assert status_of("k7") == "SUCCESSFUL"


def test_a_lease_that_still_holds_is_not_touched() -> None:
    put("tests.note", "k7")
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now(), worker_ids=["w"])
    assert queue.reclaim() == 0
    assert status_of("k7") == "RUNNING"


def test_a_worker_that_is_told_to_stop_finishes_what_it_has_in_hand_and_takes_no_more(journal: Path) -> None:
    put("tests.wait_for_gate", "in-hand")
    with workers(1) as [process]:
        until(lambda: work.runs() != [])
        put("tests.note", "next")
        process.terminate()
        (journal.parent / "gate").touch()
        process.wait(10)
    assert (status_of("in-hand"), status_of("next")) == ("SUCCESSFUL", "READY")


def test_a_worker_goes_when_its_parent_is_killed() -> None:
    nursery = start_nursery()
    child = fork_worker(nursery)
    put("tests.note", "k7")
    until(lambda: status_of("k7") == "SUCCESSFUL")
    assert [pid for _, pid in work.runs()] == [child.pid]
    end(nursery)
    until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_the_command_works_until_it_is_told_to_stop() -> None:
    """Through the command line, with a task of the house's own."""
    work.schedule(due_in=-timedelta(minutes=1))
    process = subprocess.Popen(
        [sys.executable, "-m", "tertulia.project", "worker"], env=os.environ, stderr=subprocess.PIPE, text=True
    )
    until(lambda: DBTaskResult.objects.filter(status="SUCCESSFUL").count() == len(work.by_itself()))
    process.terminate()
    log = process.communicate(timeout=20)[1]
    assert process.returncode == 0
    said = sorted(line.partition(" INFO ")[2].rpartition(" in ")[0] for line in log.splitlines())
    assert said == [f"{name} done" for name in work.by_itself()]
