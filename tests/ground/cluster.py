"""A PostgreSQL of the tests' own: a Unix socket only, no promise to survive a power cut, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from tests.ground import template

OWNER = "postgres"
DATABASE = "tertulia"
TEMPLATE = "tertulia_template"
FAST = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


class Cluster:
    """One running server over a cluster folder, with these `settings`; `url(database)` is how to reach it."""

    def __init__(self, folder: Path, settings: Mapping[str, str] = FAST) -> None:
        self.folder = folder
        self.settings = settings
        self._server: subprocess.Popen[bytes] | None = None

    def create(self) -> None:
        """Lay out an empty cluster in the folder."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, OWNER, OWNER)
        command = [_program("initdb"), f"--pgdata={self.folder / 'pg'}", f"--username={OWNER}", "--auth=trust"]
        command += ["--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **_as_owner())

    def start(self) -> None:
        """Start the server and return when it answers."""
        command = [_program("postgres"), "-D", str(self.folder / "pg"), "-k", str(self.folder)]
        command += [f"-c{name}={value}" for name, value in self.settings.items()]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, **_as_owner())
        _wait_until_ready(self._server, self.folder)

    def stop(self) -> None:
        """Stop the server without waiting for its clients, so that what is on disk is whole."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(30)
            self._server = None

    def die(self) -> None:
        """End the server at once, with all that it was doing: what is on disk has to be made good at the next start."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(30)
            self._server = None

    def url(self, database: str) -> str:
        """The address of one of its databases, as DATABASE_URL wants it."""
        return f"postgres://{OWNER}@{quote(str(self.folder), safe='')}/{database}"

    def run(self, *statements: str) -> None:
        """Run SQL `statements`, each in its own transaction, outside the databases that tests use."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


def start(settings: Mapping[str, str] = FAST) -> Cluster:
    """A running cluster with the migrated template in it, copied from the one that is kept."""
    source = template.kept("postgresql", _build)
    folder = Path(tempfile.mkdtemp(prefix="tertulia-pg-"))
    subprocess.run(["cp", "-a", f"{source}/.", str(folder)], check=True)
    cluster = Cluster(folder, settings)
    cluster.start()
    return cluster


def discard(cluster: Cluster) -> None:
    """Stop a cluster and remove all of it."""
    cluster.stop()
    shutil.rmtree(cluster.folder)


def _build(folder: Path) -> None:
    cluster = Cluster(folder)
    cluster.create()
    cluster.start()
    try:
        cluster.run(f"CREATE DATABASE {TEMPLATE}")
        with tempfile.TemporaryDirectory() as data:
            template.prepare(TERTULIA_DATA=data, DATABASE_URL=cluster.url(TEMPLATE))
    finally:
        cluster.stop()


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> None:
    """Ask until it answers; a server that ended instead is a RuntimeError that carries its log."""
    question = [_program("pg_isready"), "--quiet", "--host", str(folder)]
    while subprocess.run(question, check=False).returncode != 0:
        try:
            server.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        raise RuntimeError((folder / "log").read_text())


def _program(name: str) -> str:
    """The newest installed PostgreSQL's program of that `name`; Debian keeps them off the PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda file: float(file.parts[4]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise FileNotFoundError(
            f"PostgreSQL's {name} is not installed (on Debian or Ubuntu: apt-get install postgresql)"
        )
    return found


def _as_owner() -> dict[str, Any]:
    """How a program is started that refuses to run as root."""
    return {"user": OWNER, "group": OWNER, "extra_groups": []} if os.geteuid() == 0 else {}
