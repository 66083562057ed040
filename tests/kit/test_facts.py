"""Facts: consequences in the transaction of the action."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from tertulia.kit.facts import announce, on_fact
from tests.factories import work  # noqa: F401 - it registers the task that follows

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Opened:
    """A door was opened."""

    key: str


on_fact(Opened, "tests.note", lambda fact: (fact.key,))


def enqueued() -> list[list[str]]:
    return [row.args_kwargs["args"] for row in DBTaskResult.objects.all()]


def test_a_consequence_is_enqueued_at_once() -> None:
    with transaction.atomic():
        announce(Opened("k7"))
        assert enqueued() == [["tests.note", "k7"]]
    assert enqueued() == [["tests.note", "k7"]]


def test_what_is_rolled_back_has_none() -> None:
    with transaction.atomic():
        announce(Opened("k7"))
        transaction.set_rollback(True)
    assert enqueued() == []


def test_a_fact_is_announced_inside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match=r"^Opened is announced outside a transaction$"):
        announce(Opened("k7"))
    assert enqueued() == []
