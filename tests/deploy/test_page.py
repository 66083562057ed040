"""What the operator's page says to type exists; `./run prove server` types it."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tertulia.project.environment import VARIABLES
from tests.prove.server import PAGE, frames, typed
from tests.suite import ROOT

pytestmark = [pytest.mark.parser]
COMMANDS = {path.stem for path in ROOT.glob("tertulia/*/management/commands/*.py")}


def lines() -> list[list[str]]:
    """The words of each line that is typed; a line that is broken counts as one."""
    return [shlex.split(line) for line in typed().replace("\\\n", "").splitlines() if line]


def test_a_shell_understands_all_of_it() -> None:
    assert len(frames()) == 12
    done = subprocess.run(["sh", "-n"], input=typed(), check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
def test_shellcheck_finds_nothing() -> None:
    told = ["shellcheck", "--shell=sh", "-"]
    done = subprocess.run(told, input=typed(), check=False, capture_output=True, text=True)
    assert done.stdout == ""


def test_every_file_of_ours_that_it_names_is_there() -> None:
    named = set(re.findall(r"/opt/tertulia/((?:deploy|tests|docs)/[\w./-]*[\w/])", PAGE.read_text()))
    assert "deploy/nginx/tertulia.conf" in named
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_every_command_of_ours_that_it_types_is_there() -> None:
    typed_commands = [words for words in lines() if words[0] == "tertulia"]
    assert len(typed_commands) == 11
    for words in typed_commands:
        assert {"_".join(words[1:3]), words[1]} & COMMANDS, words


def test_every_variable_that_it_names_is_in_the_table() -> None:
    named = set(re.findall(r"TERTULIA_[A-Z_]+|DATABASE_URL", PAGE.read_text()))
    assert named - {variable.name for variable in VARIABLES} == set()


def test_every_part_that_may_be_missing_is_told_what_to_look_at() -> None:
    table = PAGE.read_text().partition("| it says | look at |")[2].partition("\n\n")[0]
    told = {
        part for row in table.splitlines() for part in re.findall(r"`(\w+)`", row.split("|")[1] if "|" in row else "")
    }
    assert told == {"database", "migrations", "keys", "pepper", "erasures", "relay", "log", "closing", "worker"}


def test_the_command_line_that_it_installs_is_sound() -> None:
    script = Path(ROOT / "deploy/tertulia")
    assert script.stat().st_mode & 0o111 == 0o111
    done = subprocess.run(["sh", "-n", str(script)], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
