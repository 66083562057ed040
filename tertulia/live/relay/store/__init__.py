"""Where room logs are kept."""

from __future__ import annotations

from pathlib import Path

from tertulia.live.relay.store.log import RoomLog


def open_log(address: str) -> RoomLog:
    """The room log at `address`: `sqlite:///path` or a PostgreSQL address; Damaged if it cannot be opened."""
    if address.startswith("sqlite:///"):
        from tertulia.live.relay.store.sqlite import SqliteLog

        return SqliteLog(Path(address.removeprefix("sqlite:///")))
    from tertulia.live.relay.store.postgres import PostgresLog

    return PostgresLog(address)
