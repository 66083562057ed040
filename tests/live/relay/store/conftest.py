"""Both kinds of room log: SQLite always, PostgreSQL when the suite runs on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tertulia.live.relay.store import open_log
from tertulia.live.relay.store.log import RoomLog

KINDS = ["sqlite", "postgresql"] if connection.vendor == "postgresql" else ["sqlite"]


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where an empty log can be opened."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'rooms.sqlite3'}"
        return
    from tertulia.live.queries import log_address

    request.getfixturevalue("django_db_setup")
    yield log_address()
    with psycopg.connect(log_address(), autocommit=True) as database:
        database.execute("DROP SCHEMA IF EXISTS rooms CASCADE")


@pytest.fixture
def store(address: str) -> Iterator[RoomLog]:
    """An empty log."""
    log = open_log(address)
    yield log
    log.close()
