"""`tertulia web` and `tertulia relay`: what they refuse, each in one line, before anything is started."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from tertulia.project.commandline import main
from tertulia.project.release import STAMP, note_prepared
from tests.ground.nursery import until
from tests.ground.served import free_port

ON_SQLITE = "web and relay run apart on PostgreSQL only: set DATABASE_URL, or start `serve`"
OF_ANOTHER = "the database has not been brought up to this release: `prepare` does it"


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line with which a command is refused."""
    assert main(list(words)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert (said.err.startswith("tertulia: "), said.err.count("\n")) == (True, 1), said.err
    return said.err.removeprefix("tertulia: ").strip()


@pytest.fixture
def prepared(db: None, settings: LazySettings) -> None:
    note_prepared()


@pytest.mark.parametrize("part", ["web", "relay"])
def test_on_sqlite_they_say_what_to_do(part: str, prepared: None, capsys: pytest.CaptureFixture[str]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL is what they run on")
    assert refusal(capsys, part) == ON_SQLITE


@pytest.mark.parametrize("part", ["web", "relay"])
def test_a_database_of_another_release_is_refused(
    part: str, prepared: None, settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite they are refused anyway")
    (settings.DATA / STAMP).write_text("another release")
    assert refusal(capsys, part) == OF_ANOTHER
    note_prepared()


@pytest.mark.parametrize("number", ["0", "65"])
def test_a_number_of_processes_out_of_range_is_refused(
    number: str, prepared: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal(capsys, "web", "--workers", number) == "--workers is between 1 and 64"


@pytest.mark.network
@pytest.mark.parametrize("part", ["web", "relay"])
def test_a_port_that_is_taken_or_is_none_is_refused(
    part: str, prepared: None, capsys: pytest.CaptureFixture[str]
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite they are refused anyway")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert refusal(capsys, part, "--port", port) == f"the port {port} is taken: name another one with --port"
    assert refusal(capsys, part, "--port", "70000") == "a port is a number from 1 to 65535"


@pytest.mark.network
@pytest.mark.django_db(transaction=True)
def test_pages_in_one_process_are_given_and_end_well(tmp_path: Path, settings: LazySettings) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite they are refused")
    note_prepared()
    port = free_port()
    line = [sys.executable, "-m", "tertulia.project", "web", "--port", str(port)]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(line, env=os.environ, stderr=log)
    try:
        until(lambda: process.poll() is not None or status_of(port) == 200)
        assert status_of(port) == 200
    finally:
        process.terminate()
        code = process.wait(60)
    # What was asked is not told before the hour is over, nor when the process ends.
    assert (code, (tmp_path / "log").read_text()) == (0, "")


def status_of(port: int) -> int:
    """What the server at a port says of itself; 0 while it says nothing."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status
    except OSError:
        return 0
    finally:
        line.close()
