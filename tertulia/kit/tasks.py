"""The port through which work is put off: registered by name, enqueued inside the caller's transaction.

Actions enqueue by name and so import no task; `tasks.py` of an app registers the function behind the name.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from tertulia.kit.registry import Task, tasks

Argument = int | str
Work = Callable[..., None]


def task(name: str, *, every_minutes: int | None = None, leaves_no_trace: bool = False) -> Callable[[Work], Work]:
    """Register the decorated function as the work called `name` (`app.verb_noun`); the rest as `Task` says."""

    def register(work: Work) -> Work:
        tasks.offer(name, Task(run=work, every_minutes=every_minutes, leaves_no_trace=leaves_no_trace))
        return work

    return register


def enqueue(name: str, *arguments: Argument) -> None:
    """Put the work called `name` into the queue, inside the transaction that is open.

    `arguments` are opaque ids (int or str): the queue's tables never hold what they stand for.
    LookupError if nobody registered `name`; RuntimeError outside a transaction, since then the
    change and its consequence could part.
    """
    tasks.named(name)
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{name} is enqueued outside a transaction")
    put: Callable[[str, tuple[Argument, ...]], None] = import_string(settings.TERTULIA_QUEUE)
    put(name, arguments)


def run(name: str, *arguments: Argument) -> None:
    """Do the work called `name` now; the queue's worker calls this."""
    tasks.named(name).run(*arguments)
