"""Both kinds of room log: SQLite always, PostgreSQL when the suite runs on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from tertulia.live.relay.store import open_log
from tertulia.live.relay.store.log import RoomLog

OWN = "tertulia_rooms_alone"
KINDS = ["sqlite", "postgresql"] if connection.vendor == "postgresql" else ["sqlite"]


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where an empty log can be opened."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'rooms.sqlite3'}"
        return
    from tertulia.live.queries import log_address

    # A database of its own: other tests keep the log of the database that Django uses open.
    request.getfixturevalue("django_db_setup")
    with psycopg.connect(log_address(), autocommit=True) as database:
        database.execute(f"CREATE DATABASE {OWN}")
        yield make_conninfo(log_address(), dbname=OWN)
        database.execute(f"DROP DATABASE {OWN} WITH (FORCE)")


@pytest.fixture
def store(address: str) -> Iterator[RoomLog]:
    """An empty log."""
    log = open_log(address)
    yield log
    log.close()
