"""A house of its own for a rehearsal: the event's programme in a fresh place, a server, and nothing left behind."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tertulia.kit.sealing import KeyStore

START_SECONDS = 90
# The rehearsal makes keys and a pepper of its own; and it comes from one address, which would be kept waiting.
_OF_ITS_OWN = {"TERTULIA_KEYS": "", "TERTULIA_PEPPER_FILE": "", "TERTULIA_NEWCOMERS_PER_MINUTE": "1000000"}


class CannotStart(Exception):  # noqa: N818 - it describes the server
    """The server of the rehearsal did not start; `str()` says why."""


@dataclass
class House:
    """A running server: its `port` on loopback, the address of its room log, its keys."""

    port: int
    log_address: str
    keys: KeyStore
    server: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Let the server finish and close its log; it is done once, however often it is asked for."""
        self.server.terminate()
        self.server.wait(timeout=START_SECONDS)


@contextlib.contextmanager
def house(schedule: bytes, slug: str, database: str = "") -> Iterator[House]:
    """Serve the event in `schedule` (schedule.json) as `slug` from a folder that goes afterwards.

    `database` is a PostgreSQL address: a scratch database is made beside it, and dropped. CannotStart.
    """
    folder = Path(tempfile.mkdtemp(prefix="tertulia-rehearsal-"))
    scratch = _scratch_database(database) if database else {}
    url = _as_url(scratch) if scratch else ""
    environment = {**os.environ, **_OF_ITS_OWN, "TERTULIA_DATA": str(folder), "DATABASE_URL": url}
    try:
        file = folder / "schedule.json"
        file.write_bytes(schedule)
        _command(environment, "prepare")
        _command(environment, "event", "import", str(file), "--slug", slug)
        port = _free_port()
        address = make_conninfo(**scratch) if scratch else f"sqlite:///{folder / 'rooms.sqlite3'}"
        with (folder / "server.log").open("wb") as said:
            # What it says to whoever starts it, such as where to open it, is for nobody here.
            line = _line("serve", "--port", str(port))
            # In a session of its own: what stops a rehearsal from a terminal lets its people leave first.
            server = subprocess.Popen(  # noqa: S603
                line, env=environment, stdout=said, stderr=said, start_new_session=True
            )
        stage = House(port, address, KeyStore(folder / "keys"), server)
        try:
            _wait_until_open(server, port)
            yield stage
        finally:
            stage.stop()
    finally:
        if scratch:
            _drop(scratch)
        shutil.rmtree(folder, ignore_errors=True)


def _command(environment: dict[str, str], *words: str) -> None:
    done = subprocess.run(_line(*words), env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CannotStart(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"{words[0]} failed")


def _line(*words: str) -> list[str]:
    return [sys.executable, "-m", "tertulia.project", *words]


def _wait_until_open(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise CannotStart("the server of the rehearsal stopped at once")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise CannotStart(f"the server of the rehearsal was not up after {START_SECONDS} seconds")


def _free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port: int = place.getsockname()[1]
    return port


def _scratch_database(address: str) -> dict[str, str]:
    """Make an empty database beside the one at `address`; how to reach it."""
    beside = {name: str(text) for name, text in conninfo_to_dict(address).items() if text}
    name = f"tertulia_rehearsal_{secrets.token_hex(4)}"
    try:
        with psycopg.connect(make_conninfo(**beside), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.Error as fault:
        raise CannotStart(f"a scratch database could not be made: {str(fault).strip()}") from fault
    return beside | {"dbname": name}


def _drop(scratch: dict[str, str]) -> None:
    # A database cannot be dropped from inside: this is the neighbour that every cluster has.
    with psycopg.connect(make_conninfo(**scratch | {"dbname": "postgres"}), autocommit=True) as connection:
        name = sql.Identifier(scratch["dbname"])
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def _as_url(parameters: dict[str, str]) -> str:
    """As DATABASE_URL wants it; a socket's folder stands, quoted, in the place of the host."""
    user, password = (quote(parameters.get(name, ""), safe="") for name in ("user", "password"))
    who = f"{user}{':' if password else ''}{password}@" if user else ""
    host, port = quote(parameters.get("host", ""), safe=""), parameters.get("port", "")
    return f"postgres://{who}{host}{':' if port else ''}{port}/{parameters['dbname']}"
