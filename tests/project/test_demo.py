"""`tertulia demo` from outside: it opens, lets people in, keeps what was done, and ends without a complaint."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from tertulia.project.sample.festival import SLUG, read

pytestmark = pytest.mark.journey
LAST_LINE = "Ctrl-C stops it.\n"


def heed_ctrl_c() -> None:
    """A shell that starts the tests in the background lets its children ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Demo:
    """A running demo, and the letter that it printed."""

    def __init__(self, folder: Path, port: int) -> None:
        self.complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed in close
        self.process = subprocess.Popen(
            line(folder, port),
            stdout=subprocess.PIPE,
            stderr=self.complaints,
            text=True,
            env=surroundings(),
            preexec_fn=heed_ctrl_c,  # noqa: PLW1509 - nothing here has threads yet
        )
        assert self.process.stdout
        self.letter = ""
        for told in self.process.stdout:
            self.letter += told
            if told == LAST_LINE:
                break

    def told(self, pattern: str) -> str:
        """The one thing in the letter that the pattern's group names."""
        (found,) = re.findall(pattern, self.letter, re.MULTILINE)
        return str(found)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """The exit code, and what was written to standard error besides the log."""
        self.process.send_signal(number)
        code = self.process.wait(30)
        self.complaints.seek(0)
        lines = [told for told in self.complaints if not re.match(r"\d{4}-\d\d-\d\d .* INFO ", told)]
        return code, "".join(lines)

    def close(self) -> None:
        """Let go of what it wrote."""
        assert self.process.stdout
        self.process.stdout.close()
        self.complaints.close()


class Visitor:
    """Somebody's browser without scripts: cookies, forms, links."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.place = ""

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=30) as answer:
            self.place = answer.url.removeprefix(self.address)
            return str(answer.read().decode())

    def post(self, path: str, **fields: str) -> str:
        """Open the page at `path`, and send its form with these fields."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path))
        assert token
        body = urlencode({**fields, "csrfmiddlewaretoken": token[1]}).encode()
        with self.opener.open(self.address + path, body, timeout=30) as answer:
            self.place = answer.url.removeprefix(self.address)
            return str(answer.read().decode())

    def refusal(self, path: str, **fields: str) -> int:
        """The status with which the form is refused."""
        with pytest.raises(HTTPError) as refused:
            self.post(path, **fields)
        refused.value.close()
        return refused.value.code


def line(folder: Path, port: int) -> list[str]:
    return [sys.executable, "-m", "tertulia.project", "demo", "--port", str(port), "--data", str(folder)]


def surroundings() -> dict[str, str]:
    """The environment, with a database in it that no demo may touch."""
    return os.environ | {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/real"}


@contextmanager
def demo(folder: Path, port: int) -> Iterator[Demo]:
    running = Demo(folder, port)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()
        running.close()


@pytest.fixture
def port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short: the path of a socket has 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="demo-") as made:
        yield Path(made) / "demo"


class Room(HTMLParser):
    """A page's links with their words, and who said what in its log."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: dict[str, str] = {}
        self.said: list[tuple[str, str]] = []
        self._link = self._place = ""
        self._is_message = False
        self.feed(page.split("<template", maxsplit=1)[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self._link = given.get("href", "")
        elif tag == "li" and "msg" in given.get("class", "").split():
            self._is_message = True
            self.said.append(("", ""))
        elif tag in {"bdi", "p"}:
            self._place = "name" if tag == "bdi" else "" if given.get("class") == "who" else "text"

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._link = ""
        elif tag == "li":
            self._is_message = False
        elif tag in {"bdi", "p"}:
            self._place = ""

    def handle_data(self, data: str) -> None:
        if self._link:
            self.links[self._link] = self.links.get(self._link, "") + data.strip()
        if self._is_message and self._place:
            name, text = self.said[-1]
            self.said[-1] = (name + data, text) if self._place == "name" else (name, text + data)


def talk(visitor: Visitor) -> dict[str, list[tuple[str, str]]]:
    """Who said what in each room in which something was said."""
    links = Room(visitor.get(f"/events/{SLUG}/")).links
    found = {name: Room(visitor.get(address)).said for address, name in links.items() if address.startswith("/live/")}
    return {name: said for name, said in found.items() if said}


def sample_talk() -> dict[str, list[tuple[str, str]]]:
    messages = read("talk.json")
    names = dict.fromkeys(message["room"] for message in messages)
    return {name: [(one["name"], one["text"]) for one in messages if one["room"] == name] for name in names}


def counted(folder: Path) -> list[int]:
    """How many sessions, airings, texts, participations and accounts there are."""
    tables = ("programme_session", "programme_slot", "programme_sessiontext", "programme_participation")
    with closing(sqlite3.connect(folder / "tertulia.sqlite3")) as database:
        asked = [f"SELECT count(*) FROM {table}" for table in (*tables, "people_account")]  # noqa: S608 - ours
        return [database.execute(one).fetchone()[0] for one in asked]


@pytest.mark.timeout(300)
def test_it_lets_people_in_and_keeps_what_was_done(folder: Path, port: int) -> None:
    with demo(folder, port) as first:
        address = first.told("^Open (http://.*/)$")
        assert address == f"http://127.0.0.1:{port}/"
        organiser, participant = Visitor(address), Visitor(address)
        assert "Sample content:" in organiser.get("/")
        door = first.told(rf"^Organiser: http://127.0.0.1:{port}(/staff-door/.*)$")
        organiser.post(door)
        assert organiser.place == "/staff/"
        assert Visitor(address).refusal(door) == 410
        words = first.told("^A participant's six words: (.*)$")
        assert len(words.split()) == 6
        participant.post("/come-back/", phrase=words)
        assert participant.place == "/me/"
        assert talk(participant) == sample_talk()
        for path in ("/me/", f"/events/{SLUG}/join/", f"/ar/events/{SLUG}/programme/"):
            assert "Saltmarsh Network (sample)" in participant.get(path), path
        before = counted(folder)
        assert first.stop() == (0, "")
    with demo(folder, port) as second:
        participant, others = Visitor(address), Visitor(address)
        assert others.refusal("/come-back/", phrase=words) == 422
        participant.post("/come-back/", phrase=second.told("^A participant's six words: (.*)$"))
        assert talk(participant) == sample_talk()
        organiser = Visitor(address)
        organiser.post(second.told(rf"^Organiser: http://127.0.0.1:{port}(/staff-door/.*)$"))
        assert organiser.place == "/staff/"
        assert counted(folder) == before == [43, 47, 43 + 23, 11, 12]
        busy = refused(folder, port)
        assert busy == f"tertulia: a demo runs in {folder} already; stop it first, or name another folder with --data\n"
        assert second.stop(signal.SIGINT) == (0, "")


def test_it_refuses_a_folder_that_is_not_a_demos(folder: Path, port: int) -> None:
    folder.mkdir()
    (folder / "tertulia.sqlite3").write_text("a real festival")
    why = f"tertulia: {folder} holds something else than a demo; name another folder with --data\n"
    assert refused(folder, port) == why
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("tertulia.sqlite3", "a real festival")]


def test_it_refuses_a_port_that_is_taken(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refused(folder, port) == f"tertulia: the port {port} cannot be opened; name another one with --port\n"


def refused(folder: Path, port: int) -> str:
    """The one line with which it is refused, with exit code 2."""
    done = subprocess.run(line(folder, port), capture_output=True, text=True, env=surroundings(), check=False)
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr
