"""`tertulia serve`: it holds together, says in one line why it cannot start, and ends when it is told to."""

from __future__ import annotations

import json
import socket
import urllib.request
from collections.abc import Iterator

import psutil
import pytest

from tests.ground.nursery import until
from tests.ground.served import START_SECONDS, Served
from tests.ground.store import SqliteStore

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that has just started; the last test ends it."""
    served = Served(tmp_path_factory.mktemp("house"))
    SqliteStore(served.folder).lay()
    served.start()
    yield served
    if served.process and served.process.poll() is None:
        served.kill()


def process_of(house: Served) -> psutil.Process:
    assert house.process
    return psutil.Process(house.process.pid)


def test_another_worker_takes_the_place_of_one_that_was_killed(house: Served) -> None:
    (worker,) = process_of(house).children()
    worker.kill()
    until(lambda: [child.pid for child in process_of(house).children()] not in ([], [worker.pid]))
    (heir,) = process_of(house).children()
    assert heir.is_running()
    assert house.said().count("the worker has ended; another one takes its place") == 1
    with urllib.request.urlopen(f"{house.url}/events/") as page:  # noqa: S310 - this machine
        assert page.status == 200


def test_links_lead_to_the_port_that_was_asked_for(house: Served) -> None:
    """What is printed elsewhere leads to the house that runs, though nobody set TERTULIA_URL."""
    invite = ("staff", "invite", "--pseudonym", "Heron", "--role", "organiser", "--json")
    link: str = json.loads(house.command(*invite).stdout)["link"]
    assert link.startswith(f"{house.url}/staff-door/")
    with urllib.request.urlopen(link) as page:  # noqa: S310 - this machine
        assert page.status == 200


def test_a_data_folder_that_another_server_uses_is_one_line(house: Served) -> None:
    done = Served(house.folder).command("serve", "--port", "0")
    # Before it is refused, it and its worker may have said what they did.
    complaints = [line for line in done.stderr.splitlines() if " INFO " not in line]
    assert (done.returncode, done.stdout) == (2, "")
    assert complaints == [f"tertulia: another server uses the data folder {house.folder}"]
    assert (house.folder / "address").read_text() == f"{house.url}\n"


def test_a_port_that_is_taken_is_one_line(tmp_path_factory: pytest.TempPathFactory) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        other = Served(tmp_path_factory.mktemp("other"))
        SqliteStore(other.folder).lay()
        done = other.command("serve", "--port", str(port))
    said = f"tertulia: the port {port} is taken: name another one with --port\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


def test_told_to_stop_it_finishes_and_takes_its_worker_along(house: Served) -> None:
    """The worker of the beginning was killed above: this is the one that took its place."""
    (worker,) = process_of(house).children()
    with urllib.request.urlopen(f"{house.url}/events/") as page:  # noqa: S310 - this machine
        assert page.status == 200
    assert house.stop() == 0
    assert not worker.is_running()
    assert "Traceback" not in house.said()
    assert not (house.folder / "hub.sock").exists()


def test_told_to_stop_with_all_its_processes_it_puts_no_other_worker_in_place(house: Served) -> None:
    """Ctrl-C reaches them all at once, and the worker, which has nothing in hand, is the faster one."""
    house.start()
    before = house.said().count("another one takes its place")
    (worker,) = process_of(house).children()
    with socket.create_connection(("127.0.0.1", house.port)) as visitor:
        visitor.sendall(b"POST /come-back/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\n")
        until(lambda: len(process_of(house).net_connections()) > 1)
        assert house.process
        house.process.terminate()
        worker.terminate()
        until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)
        visitor.sendall(b"x")
        assert visitor.recv(12).startswith(b"HTTP/1.1 4")
    assert house.process.wait(START_SECONDS) == 0
    assert house.said().count("another one takes its place") == before
    assert "Traceback" not in house.said()


def test_a_worker_goes_with_a_server_that_was_killed(house: Served) -> None:
    house.start()
    (worker,) = process_of(house).children()
    house.kill()
    until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)
