"""Several connections of PostgreSQL beside each other, each waiting for the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import QuerySet

from tertulia.kit.errors import Refusal

Work = Callable[[], object]


def waiting() -> int:
    """How many connections wait for what another one holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])


@contextmanager
def held(rows: QuerySet) -> Iterator[None]:
    """Somebody holds the rows for as long as the block lasts."""
    with transaction.atomic():
        assert list(rows.select_for_update()), "there is something to hold"
        yield


def one_after_the_other(held_up_by: QuerySet, *works: Work) -> list[object]:
    """Begin each of the `works` while the rows are held, the next one when the one before waits; what each came to."""
    with ThreadPoolExecutor(len(works)) as beside:
        with held(held_up_by):
            begun: list[Future[object]] = []
            for work in works:
                begun.append(beside.submit(_to_its_end, work))
                while not (begun[-1].done() or waiting() == len([one for one in begun if not one.done()])):
                    pass
        return [one.result(60) for one in begun]


def _to_its_end(work: Work) -> object:
    try:
        return work()
    except Refusal as refusal:
        return refusal
    finally:
        connection.close()
