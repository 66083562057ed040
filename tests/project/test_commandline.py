"""The command line finds the commands of every app, and says in one line what it cannot do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import load_command_class

from tertulia.project.commandline import main
from tests.suite import ROOT

FAMILY = [["staff", "appoint"], ["staff", "dismiss"], ["staff", "invite"], ["staff", "link"], ["staff", "list"]]


@pytest.mark.parametrize("words", [[], ["--help"], ["help"], ["-h"]])
def test_asked_for_help_it_lists_our_commands_and_no_others(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "tertulia: the home of a movement, from the command line."
    listed = [line.split()[0] for line in lines if line.startswith("  ")]
    assert {"prepare", "what-we-know"} <= set(listed)
    assert {"migrate", "runserver", "shell"} & set(listed) == set()


@pytest.mark.parametrize("words", [["nonsense"], ["event", "nonsense"], ["migrate"]])
def test_a_command_that_there_is_none_of_is_one_line_and_exit_code_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    said = capsys.readouterr()
    line = f"tertulia: there is no command {' '.join(words)!r}; tertulia --help lists them all\n"
    assert (said.out, said.err) == ("", line)


@pytest.mark.parametrize("word", ["--help", "-h", "help"])
def test_the_first_word_of_a_command_lists_what_begins_with_it(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["staff", word]) == 0
    said = capsys.readouterr()
    assert [line.split()[:2] for line in said.out.splitlines()[:-1]] == FAMILY
    assert said.err == ""
    assert main(["staff"]) == 2
    assert capsys.readouterr() == ("", said.out)


def test_a_wrong_option_is_one_line_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", "--nonsense"]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "tertulia: unrecognized arguments: --nonsense\n")


def test_the_help_of_a_command_lists_nothing_that_is_for_developers(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["event", "close", "--help"])
    assert stopped.value.code == 0
    help_text = capsys.readouterr().out
    assert "the event, as in its address: /events/SLUG/" in help_text
    assert "--settings" not in help_text


def test_the_help_of_the_demo_names_its_own_folder(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["event", "close", "--help"])
    assert "else ./data)" in " ".join(capsys.readouterr().out.split())
    command = load_command_class("tertulia.project", "demo")
    assert getattr(command, "usual_folder", "").startswith("build/demo")


@pytest.mark.parametrize("words", [["prepare", "--data"], ["prepare", "--data="], ["--data", "--help"]])
def test_data_without_a_folder_is_one_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert capsys.readouterr() == ("", "tertulia: --data needs a folder\n")


@pytest.mark.parametrize("form", [["--data", "{}"], ["--data={}"]])
def test_the_data_folder_can_be_named_anywhere_on_the_line(
    form: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERTULIA_DATA", os.environ["TERTULIA_DATA"])
    assert main([*(word.format(tmp_path) for word in form), "--help"]) == 0
    assert os.environ["TERTULIA_DATA"] == str(tmp_path)


@pytest.mark.parser
def test_stopped_while_it_is_still_loading_it_says_so_in_one_line(tmp_path: Path) -> None:
    stop = (
        "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\nsignal.raise_signal(signal.SIGINT)\n"
    )
    (tmp_path / "stopping.py").write_text(stop)
    stopping = {"DJANGO_SETTINGS_MODULE": "stopping", "PYTHONPATH": f"{ROOT}:{tmp_path}"}
    command = [sys.executable, "-m", "tertulia.project", "--help"]
    done = subprocess.run(command, env=os.environ | stopping, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "tertulia: stopped\n")


@pytest.mark.parser
def test_an_answer_for_which_there_is_no_room_is_one_line() -> None:
    command = [sys.executable, "-m", "tertulia.project", "--help"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    why = "tertulia: the answer could not be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (1, why)


@pytest.mark.parser
def test_it_is_a_module_that_can_be_run(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tertulia.project", "no", "such", "--data", str(tmp_path / "fresh")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert not (tmp_path / "fresh").exists()
