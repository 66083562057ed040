"""The queue behind `kit.tasks`: the table of django-tasks-db, and what it lacks (docs/decisions/0001-task-queue.md).

A row holds the registered name and opaque ids. What failed or lost its worker is tried again until its
tries are used up; a failure keeps the kind and the place of the fault, never its message or values.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

from tertulia.kit import tasks
from tertulia.kit.registry import tasks as registered
from tertulia.kit.tasks import Argument
from tertulia.project.journal import kind_and_place
from tertulia.project.models import Due

QUEUE = "queue"  # the name of our backend in settings.TASKS
TRIES = 8
LONGEST_WAIT = timedelta(hours=1)
KEEP_DONE = timedelta(days=1)
KEEP_FAILED = timedelta(days=7)
LOST = "lost with its worker"
Row: TypeAlias = "DBTaskResult[..., Any]"


def put(name: str, arguments: tuple[Argument, ...]) -> None:
    """Add the work called `name` with its opaque ids as a row in the transaction that is open."""
    perform.enqueue(name, *arguments)


@task(backend=QUEUE)
def perform(name: str, *arguments: Argument) -> None:
    """Do the work called `name`; what each row stands for."""
    tasks.run(name, *arguments)


def take() -> Row | None:
    """Take the next row that is due, under a lease that starts now; None if none is."""
    # On SQLite a transaction takes the write lock: look first without it.
    if not _rows().ready().exists():
        return None
    with transaction.atomic():
        row = _rows().ready().get_locked()
        if row is not None:
            row.claim(get_random_string(12))
    return row


def renew(row: Row) -> bool:
    """Start the lease on a row in hand again; False if it is no longer ours."""
    return _ours(row).update(started_at=timezone.now()) == 1


def finish(row: Row, fault: BaseException | None) -> bool:
    """Note that a row in hand is done, or has failed by `fault`; False if it was no longer ours."""
    row.exception_class_path = "" if fault is None else kind_and_place(fault)
    if fault is None and registered.named(name_of(row)).leaves_no_trace:
        return _ours(row).delete()[0] == 1
    if fault is None:
        return _ours(row).update(status=TaskResultStatus.SUCCESSFUL, finished_at=timezone.now()) == 1
    again = timezone.now() + wait_before(len(row.worker_ids))
    return _ours(row).update(**_again_or_never(row, row.exception_class_path, again)) == 1


def reclaim() -> int:
    """Put back what has lost its worker, give up what has lost too many; how many rows changed."""
    expired = timezone.now() - timedelta(seconds=settings.TERTULIA_LEASE_SECONDS)
    count = 0
    for row in _rows().running().filter(started_at__lte=expired):
        change = _again_or_never(row, LOST, timezone.now())
        # Not if it was renewed, finished or reclaimed by another in between.
        count += _ours(row).filter(started_at=row.started_at).update(**change)
    return count


def follow_schedule() -> int:
    """Enqueue every task that runs by itself and is due, once, however many workers ask; how many were due."""
    now = timezone.now()
    known = {due.name: due.at for due in Due.objects.all()}
    count = 0
    for name in registered.names():
        minutes = registered.named(name).every_minutes
        if minutes is not None and (name not in known or known[name] <= now):
            count += _enqueue_due(name, known.get(name), now + timedelta(minutes=minutes))
    return count


def prune() -> int:
    """Remove what was done a day ago and what was given up a week ago; how many rows went."""
    now = timezone.now()
    done = _rows().successful().filter(finished_at__lte=now - KEEP_DONE)
    given_up = _rows().failed().filter(finished_at__lte=now - KEEP_FAILED)
    return done.delete()[0] + given_up.delete()[0]


def failed() -> list[dict[str, str | int]]:
    """Tasks that were given up, latest first: `name`, `fault`, `tries`, `at` (UTC, to the minute)."""
    return [
        {
            "name": name_of(row),
            "fault": row.exception_class_path,
            "tries": len(row.worker_ids),
            "at": f"{row.finished_at:%Y-%m-%dT%H:%MZ}" if row.finished_at else "",
        }
        for row in _rows().failed().order_by("-finished_at")
    ]


def name_of(row: Row) -> str:
    """The registered name that a row holds."""
    return str(row.args_kwargs["args"][0])


def wait_before(tries: int) -> timedelta:
    """How long to wait after the given number of tries: the first wait, doubled each time, at most an hour."""
    first = timedelta(seconds=settings.TERTULIA_RETRY_SECONDS)
    doubled: int = 2 ** max(tries - 1, 0)
    return min(first * doubled, LONGEST_WAIT)


def _rows() -> DBTaskResultQuerySet:
    return DBTaskResult.objects.filter(backend_name=QUEUE)


def _ours(row: Row) -> DBTaskResultQuerySet:
    """The row, as long as nobody has taken it over from whoever took it."""
    return _rows().running().filter(pk=row.pk, worker_ids=row.worker_ids)


def _again_or_never(row: Row, fault: str, again: datetime) -> dict[str, Any]:
    if len(row.worker_ids) < TRIES:
        return {"status": TaskResultStatus.READY, "run_after": again, "exception_class_path": fault}
    return {"status": TaskResultStatus.FAILED, "finished_at": timezone.now(), "exception_class_path": fault}


def _enqueue_due(name: str, was: datetime | None, then: datetime) -> bool:
    """Move the line of the schedule on, and enqueue, unless another worker has moved it first."""
    with transaction.atomic():
        if was is None:
            ours = Due.objects.get_or_create(name=name, defaults={"at": then})[1]
        else:
            ours = Due.objects.filter(name=name, at=was).update(at=then) == 1
        if ours:
            tasks.enqueue(name)
    return ours
