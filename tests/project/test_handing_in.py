"""A server that is told to stop writes down what was answered, but for a few; where the event is over, all of it."""

from __future__ import annotations

import http.cookiejar
import os
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from tertulia.people.counting.totals import Totals
from tertulia.people.models import Answered
from tertulia.project.release import note_prepared
from tests.factories import make_event
from tests.ground.nursery import until
from tests.ground.served import Served, free_port

pytestmark = [pytest.mark.network, pytest.mark.django_db(transaction=True)]


ANSWERS = ("PT", "NP", "PT", "UY")
COUNTED = {"country": {"NP": 1, "PT": 2, "UY": 1}}
# The fewest that are written before the event is over.
ELEVEN = (*ANSWERS, *ANSWERS, "NP", "UY", "UY")


class Visitor:
    """Somebody without JavaScript who comes in and says where from."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def read(self, path: str, **sent: str) -> str:
        """The page at `path`, after its form was sent if anything is."""
        words = urllib.parse.urlencode(sent).encode() if sent else None
        with self.opener.open(urllib.request.Request(self.base + path, words)) as page:  # noqa: S310 - on loopback
            text: str = page.read().decode()
        return text

    def send(self, path: str, **sent: str) -> str:
        """Fill the form of a page in, and send it."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.read(path))
        assert token
        return self.read(path, csrfmiddlewaretoken=token[1], **sent)

    def answer(self, country: str) -> None:
        """Come in, and say where from."""
        self.send("/events/nights/join/", chosen_name="Wren", kind="words")
        assert "nobody can tell which answer was yours" in self.send("/events/nights/where-from/", country=country)


def test_the_whole_house_in_one_process(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("on PostgreSQL the parts run apart")
    served = Served(tmp_path)
    assert served.command("prepare").returncode == 0
    file = Path(__file__).parent.parent / "programme" / "files" / "small.json"
    assert served.command("event", "import", str(file), "--slug", "nights").returncode == 0
    served.start()
    try:
        for country in ELEVEN:
            Visitor(served.url).answer(country)
        assert Totals(tmp_path / "counting.sqlite3").read("nights") == {}
    finally:
        code = served.stop()
    counted = {"country": {"NP": 3, "PT": 4, "UY": 4}}
    assert (code, Totals(tmp_path / "counting.sqlite3").read("nights")) == (0, counted)
    # A few more are lost when it ends the next time.
    served.start()
    try:
        for country in ANSWERS:
            Visitor(served.url).answer(country)
    finally:
        code = served.stop()
    assert (code, Totals(tmp_path / "counting.sqlite3").read("nights")) == (0, counted)


@pytest.mark.parametrize("processes", ["1", "2"])
def test_pages_apart(processes: str, tmp_path: Path, settings: LazySettings) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("web runs on PostgreSQL only")
    settings.COUNTING_FILE.unlink(missing_ok=True)
    make_event("nights")
    note_prepared()
    port = free_port()
    line = [sys.executable, "-m", "tertulia.project", "web", "--port", str(port), "--workers", processes]
    with (tmp_path / "log").open("wb") as log:
        web = subprocess.Popen(line, env=os.environ, stderr=log)
    try:
        until(lambda: web.poll() is not None or _is_up(port))
        for country in ANSWERS:
            Visitor(f"http://127.0.0.1:{port}").answer(country)
        assert Answered.objects.count() == len(ANSWERS)
        # Each process has a few, which it loses unless the event is over.
        Totals(settings.COUNTING_FILE).end("nights", int(time.time()))
    finally:
        web.terminate()
        code = web.wait(60)
    assert (code, Totals(settings.COUNTING_FILE).read("nights")) == (0, COUNTED)


def _is_up(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False
