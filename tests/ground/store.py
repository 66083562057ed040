"""The database under test, on either kind: laid once from the template, and again after each test that commits."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Protocol

from tests.ground import cluster, template


class Store(Protocol):
    """A database that can be laid as if nothing had happened, and taken away."""

    def lay(self) -> None:
        """Make the database what the migrations left."""

    def take_away(self) -> None:
        """Remove it."""


class SqliteStore:
    """A file in the data folder, exactly where the settings expect it; threads and the write-ahead log are real."""

    def __init__(self, data: Path) -> None:
        self.file = data / "tertulia.sqlite3"

    def lay(self) -> None:
        """Write the template over the file in one transaction, so that connections that are still open see it."""
        source = template.kept("sqlite", _build_sqlite) / "tertulia.sqlite3"
        with contextlib.closing(sqlite3.connect(source)) as kept, contextlib.closing(sqlite3.connect(self.file)) as new:
            kept.backup(new)

    def take_away(self) -> None:
        """The file goes with the data folder."""


class PostgresqlStore:
    """A database in a cluster of our own, under the name that the settings carry."""

    def __init__(self) -> None:
        self.cluster = cluster.start()
        os.environ["DATABASE_URL"] = self.cluster.url(cluster.DATABASE)

    def lay(self) -> None:
        """Put a fresh copy of the template in its place, ending whatever is connected."""
        self.cluster.run(
            f"DROP DATABASE IF EXISTS {cluster.DATABASE} WITH (FORCE)",
            f"CREATE DATABASE {cluster.DATABASE} TEMPLATE {cluster.TEMPLATE} STRATEGY FILE_COPY",
        )

    def take_away(self) -> None:
        """Stop the cluster and remove it."""
        cluster.discard(self.cluster)


def choose(data: Path) -> Store:
    """The store that TERTULIA_TEST_DATABASE names: sqlite (or nothing) or postgresql; ValueError for anything else."""
    kind = os.environ.get("TERTULIA_TEST_DATABASE", "sqlite")
    if kind == "postgresql":
        return PostgresqlStore()
    if kind != "sqlite":
        raise ValueError(f"TERTULIA_TEST_DATABASE is {kind!r}; it can be sqlite or postgresql")
    return SqliteStore(data)


def _build_sqlite(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as data:
        template.prepare(TERTULIA_DATA=data, DATABASE_URL="")
        with contextlib.closing(sqlite3.connect(Path(data) / "tertulia.sqlite3")) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.move(Path(data) / "tertulia.sqlite3", folder)
