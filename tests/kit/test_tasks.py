"""The port of the queue: names that are known, inside a transaction."""

from __future__ import annotations

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from tertulia.kit import tasks
from tertulia.kit.registry import tasks as registered

done: list[tuple[int | str, ...]] = []


@tasks.task("tests.remember", every_minutes=None)
def remember(*arguments: int | str) -> None:
    done.append(arguments)


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match=r"^task 'tests.remember' is offered twice$"):
        tasks.task("tests.remember")(remember)
    assert registered.named("tests.remember").run is remember


def test_run_does_the_work_now_with_its_arguments() -> None:
    done.clear()
    tasks.run("tests.remember", 7, "k8")
    assert done == [(7, "k8")]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_enqueued_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match=r"^tests.remember is enqueued outside a transaction$"):
        tasks.enqueue("tests.remember", 7)
    assert DBTaskResult.objects.count() == 0


@pytest.mark.django_db
def test_a_name_that_nobody_registered_is_refused() -> None:
    with (
        transaction.atomic(),
        pytest.raises(LookupError, match=r"^\"no task is called 'tests.nobody'\"$|^no task is called 'tests.nobody'$"),
    ):
        tasks.enqueue("tests.nobody")
    assert DBTaskResult.objects.count() == 0
