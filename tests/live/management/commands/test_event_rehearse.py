"""`tertulia event rehearse`: what it refuses, and a small rehearsal whose books balance."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from django.conf import LazySettings

from tertulia.live.rehearsal import plan
from tertulia.project.commandline import main
from tests.factories import make_event
from tests.ground.served import Served, free_port
from tests.ground.store import SqliteStore
from tests.programme.schedules import FILES

FIGURES = [
    "participants",
    "countries",
    "posts_acknowledged",
    "deliveries_expected",
    "deliveries",
    "lost",
    "doubled",
    "out_of_order",
    "join_p50_ms",
    "join_p99_ms",
    "delivery_p50_ms",
    "delivery_p99_ms",
    "errors",
]

AN_ADDRESS = "--url is an address such as http://127.0.0.1:8000 or https://festival.example"
STEPS = "--steps are numbers of people that grow up to --participants, such as 100,300,1000"
ANSWERED = "SELECT count(*), count(DISTINCT account_id) FROM people_answered WHERE question = 'country'"
NOT_ONE = "holds no certificate that can be read"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["nothing"], "there is no event 'nothing'"),
        (["nights", "--participants", "0"], "--participants is between 1 and 20000"),
        (["nights", "--participants", "20001"], "--participants is between 1 and 20000"),
        (["nights", "--countries", "0"], "--countries is between 1 and 300"),
        (["nights", "--minutes", "0"], "--minutes is between 0.05 and 600"),
        (["nights", "--minutes", "nan"], "--minutes is between 0.05 and 600"),
        (["nights", "--rate", "-1"], "--rate is between 0.01 and 5000"),
        (["nights", "--steps", "2,1"], STEPS),
        (["nights", "--steps", "1,3"], STEPS),
        (["nights", "--steps", "0,2"], STEPS),
        (["nights", "--url", "nowhere"], AN_ADDRESS),
        (["nights", "--url", "ftp://127.0.0.1"], AN_ADDRESS),
        (["nights", "--url", "https://127.0.0.1", "--ca", __file__], f"--ca {__file__} {NOT_ONE}"),
        (["nights", "--url", "https://127.0.0.1", "--ca", "/no/such"], f"--ca /no/such {NOT_ONE}"),
        (["nights", "--url", "http://127.0.0.1", "--ca", __file__], "--ca belongs to an https --url"),
        (["nights", "--ca", __file__], "--ca belongs to an https --url"),
        (
            ["nights", "--url", "https://192.0.2.7"],
            "192.0.2.7 is another machine: say --i-run-this-server if it is yours",
        ),
        (
            ["nights", "--url", "http://festival.example"],
            "festival.example is another machine: say --i-run-this-server if it is yours",
        ),
        (
            ["nights", "--url", "http://192.0.2.7:8000"],
            "192.0.2.7 is another machine: say --i-run-this-server if it is yours",
        ),
    ],
)
def test_what_cannot_be_rehearsed_is_one_line_and_exit_code_2(
    words: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    make_event("nights")
    assert main(["event", "rehearse", "--participants", "2", *words]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"tertulia: {why}\n")


@pytest.mark.parser
def test_what_is_wrong_on_the_line_is_said_before_the_data_folder_is_asked_for(
    settings: LazySettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA = tmp_path / "none"
    assert main(["event", "rehearse", "nights", "--participants", "0"]) == 2
    assert capsys.readouterr() == ("", "tertulia: --participants is between 1 and 20000\n")


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_a_small_rehearsal_on_a_server_of_its_own_balances(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an event that is closed already: that is said, and its copy is open."""
    for name in ("TERTULIA_KEYS", "TERTULIA_PEPPER_FILE"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("TERTULIA_NEWCOMERS_PER_MINUTE", "1")
    assert main(["event", "import", str(FILES / "festival.json"), "--slug", "one-sky"]) == 0
    assert main(["event", "close", "one-sky"]) == 0
    capfd.readouterr()
    words = ["event", "rehearse", "one-sky", "--participants", "6", "--countries", "3", "--minutes", "0.1", "--json"]
    code = main(words)
    said = capfd.readouterr()
    # Nothing of its server is in there.
    figures = json.loads(said.out)
    assert (code, list(figures)[: len(FIGURES)]) == (0, FIGURES), said.err
    assert said.err.startswith("one-sky is closed; its programme is rehearsed as if it were open …\n")
    assert (figures["participants"], figures["countries"]) == (6, 3)
    assert figures["posts_acknowledged"] == 30  # five a second, for six seconds
    assert figures["deliveries"] == figures["deliveries_expected"] == 6 * 30
    assert [figures[name] for name in ("lost", "doubled", "out_of_order", "errors")] == [0, 0, 0, 0]
    # Nobody waited for the minute of the limit on newcomers, which the rehearsal's own server does not keep.
    assert 0 < figures["join_p50_ms"] <= figures["join_p99_ms"] < 60_000
    assert 0 < figures["delivery_p50_ms"] <= figures["delivery_p99_ms"]
    assert list(tmp_path.iterdir()) == [], "it wrote where the house keeps its keys"


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(900)
def test_a_thousand_people_from_sixty_countries_balance(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["event", "import", str(FILES / "small.json"), "--slug", "nights"]) == 0
    capsys.readouterr()
    words = [
        "event",
        "rehearse",
        "nights",
        "--participants",
        "1000",
        "--countries",
        "60",
        "--minutes",
        "0.25",
        "--json",
    ]
    began = time.monotonic()
    code = main(words)
    said = capsys.readouterr()
    with capsys.disabled():
        print(f"\na thousand people in {time.monotonic() - began:.0f} s: {said.out}")
    assert code == 0, said.err
    figures = json.loads(said.out)
    assert figures["errors"] == 0, said.err
    assert [step["people"] for step in figures["steps"]] == [100, 333, 1000]
    assert figures["posts_acknowledged"] == 75
    # Who is there hears all: eighteen messages in each of the first steps, the rest in the last.
    assert figures["deliveries"] == figures["deliveries_expected"] == 100 * 75 + 233 * 57 + 667 * 39
    assert [figures[name] for name in ("lost", "doubled", "out_of_order")] == [0, 0, 0]


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_on_a_running_server_people_work_at_its_door_and_say_their_country(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERTULIA_NEWCOMERS_PER_MINUTE", "2")
    served = Served(tmp_path_factory.mktemp("pressed"))
    SqliteStore(served.folder).lay()
    assert served.command("event", "import", str(FILES / "small.json"), "--slug", "nights").returncode == 0
    served.command("worker", "--drain")
    served.start()
    try:
        words = ["--participants", "4", "--countries", "4", "--minutes", "0.05", "--url", served.url]
        done = served.command("event", "rehearse", "nights", *words)
    finally:
        served.stop()
    assert done.returncode == 0, done.stderr
    told = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines()[: len(FIGURES)])
    assert {name.strip(): figure for name, figure in told.items()}["posts acknowledged"] == "15"
    assert done.stdout.splitlines()[len(FIGURES)] == ""
    assert done.stdout.splitlines()[len(FIGURES) + 1].startswith(("Your server carries 4 people.", "At 4 "))
    with contextlib.closing(sqlite3.connect(served.folder / "tertulia.sqlite3")) as database:
        assert database.execute(ANSWERED).fetchone() == (4, 4)


@pytest.mark.django_db
def test_more_people_than_open_files_are_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_event("nights")
    # More than any machine allows, whoever asks.
    monkeypatch.setattr(plan, "FILES_BESIDE", 2_000_000_000)
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    assert main(["event", "rehearse", "nights", "--participants", "10"]) == 2
    why = f"10 people need 2000000012 open files, {allowed} are allowed here"
    how = "`ulimit -n 2000000012` as root allows them, LimitNOFILE= in a unit of systemd"
    assert capsys.readouterr() == ("", f"tertulia: {why}: {how}\n")


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_a_rehearsal_leaves_nothing_behind(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, told: signal.Signals
) -> None:
    served, scratch = Served(tmp_path_factory.mktemp("house")), tmp_path_factory.mktemp("scratch")
    SqliteStore(served.folder).lay()
    monkeypatch.setenv("TMPDIR", str(scratch))
    assert served.command("event", "import", str(FILES / "small.json"), "--slug", "nights").returncode == 0
    line = [sys.executable, "-m", "tertulia.project", "event", "rehearse", "nights", "--participants", "3"]
    process = subprocess.Popen(line, env=served.environment, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stderr
    while "they talk" not in (said := process.stderr.readline()):
        assert said
    started = psutil.Process(process.pid).children(recursive=True)
    # As a terminal does: everybody in front of it hears of it.
    os.killpg(process.pid, told)
    assert process.communicate(timeout=60)[1].splitlines()[-1] == "tertulia: stopped"
    assert process.returncode == 130
    assert len(started) >= 3
    assert psutil.wait_procs(started, timeout=20)[1] == []
    assert list(scratch.iterdir()) == []


@pytest.mark.django_db
def test_nobody_can_come_in_to_an_event_that_is_closed(capsys: pytest.CaptureFixture[str]) -> None:
    make_event("nights")
    assert main(["event", "close", "nights"]) == 0
    capsys.readouterr()
    assert main(["event", "rehearse", "nights", "--participants", "2", "--url", "http://127.0.0.1:1"]) == 2
    assert capsys.readouterr() == ("", "tertulia: the event 'nights' is closed: nobody can come in\n")


@pytest.mark.network
@pytest.mark.django_db
def test_where_nothing_answers_nobody_sets_out(capsys: pytest.CaptureFixture[str]) -> None:
    make_event("nights")
    url = f"http://127.0.0.1:{free_port()}"
    assert main(["event", "rehearse", "nights", "--participants", "2", "--url", url]) == 2
    assert capsys.readouterr() == ("", f"tertulia: nothing answers at {url}\n")


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_a_server_over_another_data_folder_is_one_clear_line(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    served = Served(tmp_path_factory.mktemp("house"))
    SqliteStore(served.folder).lay()
    festival = ["event", "import", str(FILES / "festival.json"), "--slug", "one-sky"]
    assert served.command(*festival).returncode == 0
    assert served.command("worker", "--drain").returncode == 0
    assert main(festival) == 0
    capsys.readouterr()
    served.start()
    try:
        words = ["--participants", "2", "--minutes", "0.05", "--url", served.url, "--json"]
        assert main(["event", "rehearse", "one-sky", *words]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        line = "tertulia: the server at --url uses another data folder: say which with --data"
        assert said.err.splitlines()[-1] == line
    finally:
        served.stop()
