"""Facts: consequences in the transaction, wake-ups after the commit."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from tertulia.kit.facts import after_fact, announce, on_fact, with_fact
from tests.factories import work  # noqa: F401 - it registers the task that follows

pytestmark = pytest.mark.django_db(transaction=True)
heard: list[str] = []
written: list[str] = []


@dataclass(frozen=True)
class Opened:
    """A door was opened."""

    key: str


@dataclass(frozen=True)
class Broke:
    """Something whose listener fails."""

    key: str


@dataclass(frozen=True)
class Unkept:
    """Something of which no record can be written."""

    key: str


def fail_to_write(_fact: Unkept) -> None:
    raise OSError("the disk is full")


def fail_to_listen(_fact: Broke) -> None:
    raise OSError("nobody is there")


with_fact(Opened, lambda fact: written.append(fact.key))
on_fact(Unkept, "tests.note", lambda fact: (fact.key,))
with_fact(Unkept, fail_to_write)
on_fact(Opened, "tests.note", lambda fact: (fact.key,))
after_fact(Opened, lambda fact: heard.append(fact.key))
after_fact(Broke, fail_to_listen)
after_fact(Broke, lambda fact: heard.append(fact.key))


@pytest.fixture(autouse=True)
def silence() -> None:
    heard.clear()
    written.clear()


def enqueued() -> list[list[str]]:
    return [row.args_kwargs["args"] for row in DBTaskResult.objects.all()]


def test_a_consequence_is_enqueued_at_once_and_a_wake_up_follows_the_commit() -> None:
    with transaction.atomic():
        announce(Opened("k7"))
        assert (enqueued(), heard) == ([["tests.note", "k7"]], [])
    assert (enqueued(), heard) == ([["tests.note", "k7"]], ["k7"])


def test_what_is_rolled_back_has_neither() -> None:
    with transaction.atomic():
        announce(Opened("k7"))
        transaction.set_rollback(True)
    assert (enqueued(), heard) == ([], [])


def test_a_wake_up_that_fails_is_logged_and_the_others_are_woken(caplog: pytest.LogCaptureFixture) -> None:
    with transaction.atomic():
        announce(Broke("k7"))
    assert heard == ["k7"]
    assert [record.getMessage() for record in caplog.records] == ["Broke woke nobody: OSError"]


def test_a_fact_is_announced_inside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match=r"^Opened is announced outside a transaction$"):
        announce(Opened("k7"))
    assert (enqueued(), heard) == ([], [])


def test_a_record_is_written_before_the_commit() -> None:
    with transaction.atomic():
        announce(Opened("k7"))
        assert written == ["k7"]


def test_what_cannot_be_recorded_does_not_happen() -> None:
    with pytest.raises(OSError, match="the disk is full"), transaction.atomic():
        announce(Unkept("k7"))
    assert enqueued() == []
