"""The worker: one process, one task at a time, until it is told to stop or its parent is gone."""

from __future__ import annotations

import gc
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from django.conf import settings
from django.db import Error, close_old_connections, connection, connections

from tertulia.kit import tasks
from tertulia.project import queue
from tertulia.project.journal import kind_and_place

POLL_SECONDS = 1.0
UPKEEP_SECONDS = 5.0
BEATS_PER_LEASE = 3
log = logging.getLogger("tertulia.worker")


def work(stop: threading.Event, *, child_of: int | None = None) -> None:
    """Work until `stop` is set; with `child_of`, also until that process (an id) is no longer the parent.

    The task in hand is finished first. A database that does not answer is asked again.
    """
    kept_up = 0.0
    while not stop.is_set() and child_of in {None, os.getppid()}:
        busy = False
        _show_life()
        try:
            close_old_connections()
            if time.monotonic() - kept_up > min(UPKEEP_SECONDS, settings.TERTULIA_LEASE_SECONDS):
                _keep_up()
                kept_up = time.monotonic()
            busy = _do_one()
        except Error as fault:
            log.warning("the database did not answer: %s", type(fault).__name__)
            connection.close()
        if not busy:
            stop.wait(POLL_SECONDS)


def drain(most: int | None = None) -> int:
    """Do all that is due now, and what that brings with it, at most `most` tasks; how many were run."""
    _keep_up()
    count = 0
    while count != most and _do_one():
        count += 1
    return count


def stand_by(*, child_of: int | None = None) -> None:
    """Work in this process until SIGTERM or SIGINT; with `child_of`, as in `work`."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work(stop, child_of=child_of)
    connections.close_all()


def fork_child() -> int:
    """Fork a worker off this process and return its id; it shares the pages of what is loaded already.

    Call it before any thread is started. It stops at SIGTERM, and by itself when this process is gone.
    """
    connections.close_all()  # a connection must not be held from both sides
    gc.freeze()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        _live_as_child(parent)
    return child


def _live_as_child(parent: int) -> NoReturn:
    code = 1
    try:
        stand_by(child_of=parent)
        code = 0
    except Exception as fault:  # noqa: BLE001 - said without its text, which may speak of people
        log.critical("the worker has failed: %s", kind_and_place(fault))
    finally:
        os._exit(code)


def _keep_up() -> None:
    queue.reclaim()
    queue.follow_schedule()


def _show_life() -> None:
    """The time of a file says that a worker is there: nothing is written into the database at rest."""
    try:
        settings.WORKER_SIGN.touch(mode=0o600)
    except OSError as fault:
        log.warning("the sign of life could not be given: %s", fault.strerror)


def _do_one() -> bool:
    """Do one task if one is due, and log its name, its outcome and how long it took."""
    row = queue.take()
    if row is None:
        return False
    began = time.monotonic()
    fault = _fault_of(row)
    held = queue.finish(row, fault)
    outcome = "was taken over" if not held else "failed" if fault else "done"
    log.info("%s %s in %.0f ms", queue.name_of(row), outcome, (time.monotonic() - began) * 1000)
    return True


def _fault_of(row: queue.Row) -> Exception | None:
    """Do the task under its lease; what it raised, if anything."""
    with _lease_renewed(row):
        try:
            tasks.run(*row.args_kwargs["args"])
        except Exception as fault:  # noqa: BLE001 - whatever it is, the worker goes on
            return fault
    return None


@contextmanager
def _lease_renewed(row: queue.Row) -> Iterator[None]:
    done = threading.Event()
    beat = threading.Thread(target=_renew_until, args=(done, row), daemon=True)
    beat.start()
    try:
        yield
    finally:
        done.set()
        beat.join()


def _renew_until(done: threading.Event, row: queue.Row) -> None:
    """Renew the lease three times before it ends; a short task never comes to that."""
    while not done.wait(settings.TERTULIA_LEASE_SECONDS / BEATS_PER_LEASE):
        try:
            queue.renew(row)
            _show_life()
        except Error as fault:
            log.warning("a lease could not be renewed: %s", type(fault).__name__)
        finally:
            connection.close()
