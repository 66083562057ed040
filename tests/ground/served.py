"""A served house: the real command in a process of its own, in a data folder of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psycopg

START_SECONDS = 90


def free_port() -> int:
    """A port on loopback that nobody uses just now."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port: int = place.getsockname()[1]
    return port


class Served:
    """`tertulia serve` on `port` over `folder`; it can be killed and started again."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs in order to work on the same house."""
        return {**os.environ, "TERTULIA_DATA": str(self.folder), "TERTULIA_KEYS": ""}

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the house to its end."""
        return subprocess.run(self._line(*words), env=self.environment, capture_output=True, text=True, check=False)

    def start(self) -> None:
        """Start, and wait until the port is open."""
        line = self._line("serve", "--port", str(self.port))
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(line, env=self.environment, stderr=log)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server stopped: {self.said()}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.02)
        raise RuntimeError(f"the server did not start: {self.said()}")

    def kill(self) -> None:
        """End it as a power cut does: no signal that it could answer to."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=START_SECONDS)

    def stored(self) -> int:
        """How many messages are in its room log, looked at from outside."""
        if address := os.environ.get("DATABASE_URL"):
            with psycopg.connect(address) as log:
                found = log.execute("SELECT coalesce(sum(last), 0) FROM rooms.room").fetchone()
        else:
            with contextlib.closing(sqlite3.connect(f"file:{self.folder / 'rooms.sqlite3'}?mode=ro", uri=True)) as file:
                found = file.execute("SELECT coalesce(sum(last), 0) FROM room").fetchone()
        return int(found[0]) if found else 0

    def said(self) -> str:
        """What it wrote to standard error."""
        return (self.folder / "server.log").read_text()

    def _line(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "tertulia.project", *words]
