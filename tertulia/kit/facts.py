"""What happened, told to whoever listens.

Who listens names a *consequence*: a task that must happen. It is enqueued inside the transaction of the action.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

from tertulia.kit.tasks import Argument, enqueue

Fact = TypeVar("Fact")
Arguments = Callable[[Any], tuple[Argument, ...]]

_consequences: dict[type, list[tuple[str, Arguments]]] = defaultdict(list)


def on_fact(fact: type[Fact], task: str, arguments: Callable[[Fact], tuple[Argument, ...]]) -> None:
    """Whenever `fact` is announced, enqueue `task` with `arguments(fact)` in the same transaction."""
    _consequences[fact].append((task, arguments))


def announce(fact: object) -> None:
    """Tell that `fact` happened; called once, last, inside the transaction of an action (else RuntimeError)."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{type(fact).__name__} is announced outside a transaction")
    for task, arguments in _consequences[type(fact)]:
        enqueue(task, *arguments(fact))
