"""The commands, asked as an operator asks them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tertulia.programme.formats.schedule_json import parse
from tertulia.programme.models import Event
from tertulia.programme.queries.schedule import schedule_of
from tertulia.project.commandline import main
from tests.programme.schedules import FILES, as_bytes, make_another, real, session_of, sessions_of, small

pytestmark = pytest.mark.django_db
SMALL = str(FILES / "small.json")
NOTE = {
    "where": "schedule.conference.days[1].rooms['The courtyard'][0].duration",
    "why": "1:06:00 is read as days, hours and minutes",
}


def ask(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """The exit code, and what was said on standard output and standard error."""
    code = main(words)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_import_says_in_sentences_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask(capsys, "event", "import", SMALL)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "small-nights: 3 sessions in 2 rooms, 2 tracks, 2 contributors.",
        "Sessions: 3 added, 0 changed, 0 removed.",
        f"Note: {NOTE['where']}: {NOTE['why']}.",
        "It is at /events/small-nights/.",
    ]


def test_who_looks_on_while_an_import_goes_on_is_told_that_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, terminal = os.openpty()
    with os.fdopen(terminal, "w") as looked_at, os.fdopen(screen) as seen:
        monkeypatch.setattr("sys.stderr", looked_at)
        assert main(["event", "import", SMALL]) == 0
        assert seen.readline() == f"{SMALL} is read; its programme is compared with what is there …\n"


def test_import_says_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    counts = {"event": "autumn", "sessions": 3, "rooms": 2, "tracks": 2, "contributors": 2}
    for added in (3, 0):
        code, out, err = ask(capsys, "event", "import", SMALL, "--slug", "autumn", "--json")
        assert (code, err) == (0, "")
        changes = {"added": added, "changed": 0, "removed": 0, "nothing_in_common": False, "refused": ""}
        assert json.loads(out) == {**counts, **changes, "rejected": [], "notes": [NOTE]}


def test_a_dry_run_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = ask(capsys, "event", "import", SMALL, "--dry-run")
    assert code == 0
    assert "Sessions: 3 would be added, 0 would be changed, 0 would be removed.\n" in out
    assert out.endswith("Nothing was changed: this was a dry run.\n")
    assert Event.objects.count() == 0


def spoilt_date(tree: dict[str, Any]) -> None:
    session_of(tree)["date"] = "never"


def spoilt_twice(tree: dict[str, Any]) -> None:
    session_of(tree)["date"] = "never"
    session_of(tree, 1)["title"] = ""


@pytest.mark.parametrize(("spoil", "more", "rejected"), [(spoilt_date, "", 1), (spoilt_twice, " (and 1 more)", 2)])
def test_a_partly_bad_file_is_named_with_its_place(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, spoil: Any, more: str, rejected: int
) -> None:
    tree, file = small(), tmp_path / "spoilt.json"
    spoil(tree)
    file.write_bytes(as_bytes(tree))
    where = "schedule.conference.days[0].rooms['Main sky'][0].date"
    why = "'never' is not a date with a time, such as 2021-11-16T09:00:00+01:00"
    complaint = f"tertulia: {file}: {where} (Who asks?): {why}{more}; nothing was changed\n"
    assert ask(capsys, "event", "import", str(file)) == (2, "", complaint)
    code, out, err = ask(capsys, "event", "import", str(file), "--json")
    assert (code, err) == (2, complaint)
    assert json.loads(out)["rejected"][0] == {"where": where, "why": why}
    assert len(json.loads(out)["rejected"]) == rejected
    assert Event.objects.count() == 0


def test_a_malformed_file_is_named_with_line_and_column(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "malformed.json"
    file.write_text('{"schedule":\n  {"conference" 1}}')
    code, out, err = ask(capsys, "event", "import", str(file), "--json")
    assert code == 2
    assert err == (f"tertulia: {file}: line 2, column 17: is not JSON: Expecting ':' delimiter; nothing was changed\n")
    assert json.loads(out)["rejected"] == [
        {"where": "line 2, column 17", "why": "is not JSON: Expecting ':' delimiter"}
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("/nowhere/schedule.json",), "/nowhere/schedule.json: No such file or directory"),
        ((str(FILES),), f"{FILES}: Is a directory"),
        (("a\0b",), "the name of the file is none"),
        ((SMALL, "--slug", "With Space"), "--slug: An address is made of small letters, digits and hyphens."),
        ((SMALL, "--zone", "Mars"), f"{SMALL}: zone: 'Mars' is not the name of a time zone; nothing was changed"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert ask(capsys, "event", "import", *words) == (2, "", f"tertulia: {said}\n")
    assert Event.objects.count() == 0


def test_another_events_file_is_taken_only_if_that_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ask(capsys, "event", "import", SMALL)
    tree, file = small(), tmp_path / "another.json"
    make_another(sessions_of(tree))
    file.write_bytes(as_bytes(tree))
    why = (
        f"tertulia: {file}: Nothing in this file is part of the event “small-nights”: everything there would be "
        "withdrawn. Name its address to say that you mean it.\n"
    )
    before = schedule_of(Event.objects.get())
    assert ask(capsys, "event", "import", str(file)) == (2, "", why)
    assert schedule_of(Event.objects.get()) == before
    code, out, _err = ask(capsys, "event", "import", str(file), "--dry-run")
    assert (code, out.splitlines()[-2:]) == (
        0,
        [
            (
                "Nothing in this file is part of the event small-nights as it is: "
                "without --slug small-nights an import is refused."
            ),
            "Nothing was changed: this was a dry run.",
        ],
    )
    code, out, err = ask(capsys, "event", "import", str(file), "--slug", "small-nights", "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert (told["added"], told["removed"], told["nothing_in_common"]) == (3, 3, True)


def test_a_file_that_shares_one_session_is_a_newer_version(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ask(capsys, "event", "import", SMALL)
    tree, file = small(), tmp_path / "newer.json"
    first = session_of(tree)["guid"]
    make_another([session for session in sessions_of(tree) if session["guid"] != first])
    file.write_bytes(as_bytes(tree))
    assert ask(capsys, "event", "import", str(file))[0] == 0


def test_a_closed_event_takes_no_new_programme(capsys: pytest.CaptureFixture[str]) -> None:
    ask(capsys, "event", "import", SMALL)
    ask(capsys, "event", "close", "small-nights")
    why = "This event is closed: give the new one an address of its own."
    assert ask(capsys, "event", "import", SMALL) == (2, "", f"tertulia: {SMALL}: {why}\n")
    code, out, _err = ask(capsys, "event", "import", SMALL, "--dry-run")
    assert (code, out.splitlines()[-2]) == (0, f"It would be refused: {why}")


def test_export_is_what_import_takes(capsys: pytest.CaptureFixture[str]) -> None:
    ask(capsys, "event", "import", SMALL)
    code, out, err = ask(capsys, "event", "export", "small-nights", "--format", "json")
    assert (code, err) == (0, "")
    assert parse(out.encode()).schedule == schedule_of(Event.objects.get())


def test_an_export_for_which_there_is_no_room_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is longer than what Python gathers before it writes: the fault comes from within the command."""
    file = tmp_path / "large.json"
    file.write_bytes(real("pretalx-rc3.json"))
    ask(capsys, "event", "import", str(file), "--slug", "large")
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr("sys.stdout", full)
        why = "tertulia: the answer could not be written: No space left on device\n"
        assert ask(capsys, "event", "export", "large") == (1, "", why)


def test_export_of_no_event_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(capsys, "event", "export", "none") == (2, "", "tertulia: there is no event called 'none'\n")


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("pretalx-rc3.json", (48, 5, 5, 56)),
        ("pretalx-democon.json", (36, 2, 2, 27)),
        ("frab-camp2019.json", (79, 2, 7, 90)),
    ],
)
def test_real_files_come_in(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, counts: tuple[int, int, int, int]
) -> None:
    file = tmp_path / name
    file.write_bytes(real(name))
    for added in (counts[0], 0):
        said = json.loads(ask(capsys, "event", "import", str(file), "--json")[1])
        assert (said["sessions"], said["rooms"], said["tracks"], said["contributors"]) == counts
        assert (said["added"], said["changed"], said["removed"], said["rejected"]) == (added, 0, 0, [])
