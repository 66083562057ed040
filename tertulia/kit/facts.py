"""What happened, told to whoever listens.

A fact has three kinds of listeners. A *record* is written in the transaction of the action, or nothing of it happens.
A *consequence* is a task that must happen: it is enqueued in that transaction. A *wake-up* runs after the commit
and may be lost: caches, relays, notices.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

from tertulia.kit.tasks import Argument, enqueue

Fact = TypeVar("Fact")
log = logging.getLogger("tertulia.facts")
Arguments = Callable[[Any], tuple[Argument, ...]]

_records: dict[type, list[Callable[[Any], None]]] = defaultdict(list)
_consequences: dict[type, list[tuple[str, Arguments]]] = defaultdict(list)
_wake_ups: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def with_fact(fact: type[Fact], write: Callable[[Fact], None]) -> None:
    """Whenever `fact` is announced, call `write(fact)` in the same transaction; if that fails, nothing happened."""
    _records[fact].append(write)


def on_fact(fact: type[Fact], task: str, arguments: Callable[[Fact], tuple[Argument, ...]]) -> None:
    """Whenever `fact` is announced, enqueue `task` with `arguments(fact)` in the same transaction."""
    _consequences[fact].append((task, arguments))


def after_fact(fact: type[Fact], wake: Callable[[Fact], None]) -> None:
    """Whenever `fact` has been committed, call `wake(fact)`; a failure of it is logged and changes nothing."""
    _wake_ups[fact].append(wake)


def announce(fact: object) -> None:
    """Tell that `fact` happened; called once, last, inside the transaction of an action (else RuntimeError)."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{type(fact).__name__} is announced outside a transaction")
    for write in _records[type(fact)]:
        write(fact)
    for task, arguments in _consequences[type(fact)]:
        enqueue(task, *arguments(fact))
    for wake in _wake_ups[type(fact)]:
        transaction.on_commit(_ringing(wake, fact))


def _ringing(wake: Callable[[Any], None], fact: object) -> Callable[[], None]:
    def ring() -> None:
        try:
            wake(fact)
        except Exception as fault:  # noqa: BLE001 - the change is committed; its text may speak of people
            log.error("%s woke nobody: %s", type(fact).__name__, type(fault).__name__)  # noqa: TRY400 - so no traceback

    return ring
