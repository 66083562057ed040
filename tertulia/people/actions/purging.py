"""Taking what was deleted off the disk as well."""

from __future__ import annotations

from django.db import connection

# Whoever wants to write meanwhile waits as long.
WAIT_MILLISECONDS = 500


def purge() -> None:
    """Write SQLite's log of changes back and empty it, so that no file holds what was deleted; in no transaction.

    SQLite overwrites what is deleted (`secure_delete`), and yet its log keeps the page as it was before. TimeoutError
    while somebody still reads from that log; the queue then tries again. On PostgreSQL nothing is done, nor claimed.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (usual,) = cursor.fetchone()
        try:
            cursor.execute(f"PRAGMA busy_timeout = {WAIT_MILLISECONDS}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            is_busy, _pages, _written = cursor.fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
    if is_busy:
        raise TimeoutError("the log of changes is being read")
