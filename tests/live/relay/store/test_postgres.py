"""What can happen to a line to PostgreSQL."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from tertulia.live.relay.store import open_log
from tertulia.live.relay.store.log import Damaged, RoomLog, Sealed
from tertulia.live.relay.store.postgres import PostgresLog

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="runs with the suite on PostgreSQL")


def test_a_connection_that_broke_is_made_anew(store: RoomLog) -> None:
    if not isinstance(store, PostgresLog):
        pytest.skip("SQLite has no connection that breaks")
    store.append([Sealed("one", bytes(16), b"before")])
    with psycopg.connect(store.address, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with pytest.raises(psycopg.OperationalError):
        store.append([Sealed("one", b"x" * 16, b"lost")])
    assert [kept.sequence for kept in store.append([Sealed("one", b"x" * 16, b"again")])] == [2]
    assert len(store._all) == 1


def test_a_server_that_is_not_there_is_refused() -> None:
    with pytest.raises(Damaged, match="the room log in PostgreSQL cannot be opened"):
        open_log("host=/nowhere dbname=none connect_timeout=1")
