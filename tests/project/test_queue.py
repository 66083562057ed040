"""The queue: in the caller's transaction, once each, again after a failure, by the schedule, and gone when old."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings
from wagtail.models import Page

from tertulia.kit.tasks import enqueue
from tertulia.project import queue, worker
from tertulia.project.models import Due
from tests.factories import work
from tests.ground.nursery import JOURNAL, until, workers


@pytest.fixture(autouse=True)
def journal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv(JOURNAL, str(tmp_path / "journal"))
    return tmp_path / "journal"


@pytest.fixture
def nothing_scheduled(db: None) -> None:
    """The upkeep is not due, so that the test's own tasks are the only ones."""
    work.schedule(due_in=timedelta(days=1))


def put(name: str, *arguments: int | str) -> None:
    with transaction.atomic():
        enqueue(name, *arguments)


def statuses() -> list[str]:
    return sorted(DBTaskResult.objects.values_list("status", flat=True))


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_in_the_queue() -> None:
    class SecondError(Exception):
        pass

    def change_and_fail() -> None:
        with transaction.atomic():
            Group.objects.create(name="changed")
            enqueue("tests.note", "changed")
            assert DBTaskResult.objects.count() == 1
            raise SecondError

    with pytest.raises(SecondError):
        change_and_fail()
    assert (Group.objects.filter(name="changed").count(), DBTaskResult.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_row_holds_the_name_and_the_ids() -> None:
    put("tests.note", "k7", 12)
    row = DBTaskResult.objects.get()
    assert row.args_kwargs == {"args": ["tests.note", "k7", 12], "kwargs": {}}
    assert row.task_path == "tertulia.project.queue.perform"
    assert (row.worker_ids, row.return_value, row.exception_class_path, row.traceback) == ([], None, "", "")


@pytest.mark.usefixtures("nothing_scheduled")
def test_drain_does_what_is_due_and_logs_names_and_durations_only(caplog: pytest.LogCaptureFixture) -> None:
    put("tests.note", "k7")
    put("tests.fail", "k8")
    with caplog.at_level("INFO"):
        assert worker.drain() == 2
    assert Group.objects.filter(name="k7").count() == 1
    said = [record.getMessage().rpartition(" in ")[0] for record in caplog.records]
    assert said == ["tests.note done", "tests.fail failed"]


@pytest.mark.usefixtures("nothing_scheduled")
def test_a_failure_is_tried_again_later_and_given_up_in_the_end(settings: Settings) -> None:
    settings.TERTULIA_RETRY_SECONDS = 15
    put("tests.fail", "k8")
    waits = []
    for _ in range(queue.TRIES - 1):
        before = timezone.now()
        assert worker.drain() == 1
        waits.append(round((DBTaskResult.objects.get().run_after - before).total_seconds()))
        DBTaskResult.objects.update(run_after=timezone.now())
    assert waits == [15, 30, 60, 120, 240, 480, 960]
    assert queue.failed() == []
    assert worker.drain() == 1
    assert worker.drain() == 0
    assert [(row["name"], row["tries"]) for row in queue.failed()] == [("tests.fail", 8)]


@pytest.mark.usefixtures("nothing_scheduled")
def test_a_failure_keeps_the_kind_and_the_place_of_the_fault_and_nothing_that_was_said() -> None:
    put("tests.fail", "k8")
    worker.drain()
    assert work.SECRET not in str(DBTaskResult.objects.values().get())
    row = DBTaskResult.objects.get()
    line = work.fail.__code__.co_firstlineno + 2
    assert (row.exception_class_path, row.traceback) == (f"builtins.ValueError in fail, line {line}", "")


@pytest.mark.usefixtures("nothing_scheduled")
def test_a_name_that_nobody_registers_any_more_is_a_failure() -> None:
    queue.put("tests.forgotten", ())
    worker.drain()
    assert DBTaskResult.objects.get().exception_class_path.startswith("builtins.LookupError in named, line ")


def test_no_wait_is_longer_than_an_hour(settings: Settings) -> None:
    settings.TERTULIA_RETRY_SECONDS = 15
    assert [queue.wait_before(tries).total_seconds() for tries in (0, 1, 2, 8, 9, 30)] == [15, 15, 30, 1920, 3600, 3600]


@pytest.mark.django_db
def test_old_rows_go() -> None:
    now = timezone.now()
    for status, days in [("SUCCESSFUL", 1.01), ("SUCCESSFUL", 0.99), ("FAILED", 7.01), ("FAILED", 6.99)]:
        put("tests.note", f"{status} {days}")
        DBTaskResult.objects.filter(status="READY").update(status=status, finished_at=now - timedelta(days=days))
    put("tests.note", "waiting")
    DBTaskResult.objects.update(enqueued_at=now - timedelta(days=30))
    assert queue.prune() == 2
    assert sorted(row.args_kwargs["args"][1] for row in DBTaskResult.objects.all()) == [
        "FAILED 6.99",
        "SUCCESSFUL 0.99",
        "waiting",
    ]


@pytest.mark.django_db
def test_what_runs_by_itself_is_enqueued_when_it_is_due_and_not_before() -> None:
    count = len(work.by_itself())
    Due.objects.all().delete()
    assert (queue.follow_schedule(), queue.follow_schedule()) == (count, 0)
    assert worker.drain() == count
    work.schedule(due_in=-timedelta(hours=50))
    assert (queue.follow_schedule(), queue.follow_schedule()) == (count, 0)
    assert Due.objects.filter(at__gt=timezone.now()).count() == count
    assert statuses() == ["READY"] * count + ["SUCCESSFUL"] * count


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_double_what_runs_by_itself() -> None:
    names = work.by_itself()
    work.schedule(due_in=-timedelta(minutes=1))
    with workers(2):
        until(lambda: len(statuses()) == len(names) and set(statuses()) == {"SUCCESSFUL"})
        put("tests.note", "later")
        until(lambda: set(statuses()) == {"SUCCESSFUL"})
    assert sorted(queue.name_of(row) for row in DBTaskResult.objects.all()) == [*names, "tests.note"]
    assert sorted(Due.objects.values_list("name", flat=True)) == names


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("nothing_scheduled")
def test_two_workers_do_two_hundred_tasks_once_each() -> None:
    names = [f"n{number:03}" for number in range(200)]
    with workers(2) as both:
        for name in ("first", "second"):  # both are awake before the rush
            put("tests.note", name)
        until(lambda: len(work.runs()) == 2)
        with transaction.atomic():
            for name in names:
                enqueue("tests.note", name)
        until(lambda: DBTaskResult.objects.filter(status="SUCCESSFUL").count() == 202)
        pids = {process.pid for process in both}
    assert sorted(name for name, _ in work.runs() if name.startswith("n")) == names
    assert {pid for _, pid in work.runs()} == pids
    assert Group.objects.filter(name__in=names).count() == 200


@pytest.mark.usefixtures("nothing_scheduled")
def test_the_command_does_one_or_all_and_shows_what_was_given_up() -> None:
    def say(*words: str) -> str:
        out = StringIO()
        call_command("worker", *words, stdout=out)
        return out.getvalue().strip()

    for name in ("a", "b", "c"):
        put("tests.note", name)
    assert say("--once") == "1 tasks run"
    assert json.loads(say("--drain", "--json")) == {"run": 2}
    assert say("--failed") == "no task was given up"
    put("tests.fail", "d")
    DBTaskResult.objects.filter(status="READY").update(worker_ids=["w"] * (queue.TRIES - 1))
    say("--drain")
    [row] = json.loads(say("--failed", "--json"))["failed"]
    assert (row["name"], row["tries"]) == ("tests.fail", queue.TRIES)
    assert say("--failed") == f"{row['at']}  tests.fail  {row['fault']}  after 8 tries"


@pytest.mark.django_db
def test_what_wagtail_puts_off_is_done_at_once() -> None:
    page = Page.objects.get(depth=1).add_child(instance=Page(title="Planisphere"))
    assert list(Page.objects.search("planisphere")) == [page]
    assert DBTaskResult.objects.count() == 0
