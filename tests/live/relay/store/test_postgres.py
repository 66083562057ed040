"""What can happen to a line to PostgreSQL."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from tertulia.live.relay.store import open_log
from tertulia.live.relay.store.log import Damaged, Kept, RoomLog, Sealed
from tertulia.live.relay.store.postgres import PostgresLog

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="runs with the suite on PostgreSQL")


def end_all_connections(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_connection_that_broke_is_made_anew(store: RoomLog) -> None:
    if not isinstance(store, PostgresLog):
        pytest.skip("SQLite has no connection that breaks")
    store.append([Sealed("one", bytes(16), b"before")])
    end_all_connections(store.address)
    assert store.append([Sealed("one", b"x" * 16, b"after")]) == [Kept(2, True)]
    end_all_connections(store.address)
    assert [sequence for sequence, _ in store.read("one", 0, 9)] == [1, 2]
    assert len(store._all) == 1


def test_while_there_is_no_server_every_call_fails_and_later_ones_do_not(store: RoomLog) -> None:
    if not isinstance(store, PostgresLog):
        pytest.skip("SQLite has no server")
    address, store.address = store.address, "host=/nowhere dbname=none connect_timeout=1"
    end_all_connections(address)
    for _ in range(3):
        with pytest.raises(psycopg.OperationalError):
            store.head("one")
    store.address = address
    assert store.head("one").last == 0
    assert len(store._all) == 1


def test_a_server_that_is_not_there_is_refused() -> None:
    with pytest.raises(Damaged, match="the room log in PostgreSQL cannot be opened"):
        open_log("host=/nowhere dbname=none connect_timeout=1")
