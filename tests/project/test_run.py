"""`./run` sets up exactly what is missing, says in one line what it cannot, and stops at the first failure."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.suite import ROOT

pytestmark = pytest.mark.parser

Outcome = subprocess.CompletedProcess[str]


class Machine:
    """A copy of ./run in an empty folder, where stubs write down how they were called."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "clone"
        self.stubs = folder / "bin"
        self.log = folder / "log"
        self.venv = self.home / ".venv" / "bin"
        self.chromium = ""
        (self.home / "requirements").mkdir(parents=True)
        self.stubs.mkdir()
        shutil.copy(ROOT / "run", self.home)
        for name in ("run", "all", "uv"):
            self.lock(name, "one==1")
        # No test of these may install anything: this machine has no Python, and we are not its owner.
        self.stub(self.stubs / "id", "echo 1000")
        self.stub(self.stubs / "python3", "exit 1")
        self.stub(self.stubs / "npm")
        self.stub(self.stubs / "ip")
        (self.home / "package-lock.json").write_text("{}")

    def lock(self, name: str, text: str) -> None:
        (self.home / "requirements" / f"{name}.txt").write_text(text)

    def stub(self, program: Path, body: str = "") -> None:
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f'#!/bin/sh\necho "{program.name} $*" >>"{self.log}"\n{body}\n')
        program.chmod(0o755)

    def give_python(self) -> None:
        """A virtual environment that was made, with pip and uv in it."""
        for name in ("pip", "uv"):
            self.stub(self.venv / name)
        self.stub(self.venv / "python")

    def called(self) -> list[str]:
        """What was called since the last time, without the question whether python runs at all."""
        calls = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return [call.replace(f"{self.venv}/", "").strip() for call in calls if call.strip() != "python -c"]

    def run(self, *words: str, where: Path | None = None) -> Outcome:
        environment = {"PATH": f"{self.stubs}:/usr/bin:/bin", "TERTULIA_TEST_CHROMIUM": self.chromium}
        command = [str(self.home / "run"), *words]
        return subprocess.run(
            command, cwd=where or self.home, env=environment, check=False, capture_output=True, text=True
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


SYNC_RUN = "uv pip sync --python python --require-hashes requirements/run.txt"
SYNC_ALL = "uv pip sync --python python --require-hashes requirements/all.txt"
GET_UV = "pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt"
CATALOGUES = "python -m tertulia.project.catalogues"


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
def test_shellcheck_finds_nothing() -> None:
    done = subprocess.run(
        ["shellcheck", "run", ".ci/run", "deploy/tertulia"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.stdout == ""


def test_alone_it_greets_and_touches_nothing(machine: Machine) -> None:
    done = machine.run()
    assert done.returncode == 0
    assert done.stdout.startswith("Tertulia is the home of a movement.")
    assert machine.called() == []
    assert not (machine.home / ".venv").exists()


WORDS_OF_ITS_OWN = ["test", "check", "looks", "prove", "bench", "docs", "messages", "lock"]


@pytest.mark.parametrize("word", WORDS_OF_ITS_OWN)
@pytest.mark.parametrize("asked", ["--help", "-h", "help"])
def test_a_word_is_explained_and_not_carried_out(machine: Machine, word: str, asked: str) -> None:
    done = machine.run(word, asked)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].startswith(f"./run {word}")
    assert machine.called() == []


def test_asked_for_help_it_lists_its_own_words_and_the_commands(machine: Machine) -> None:
    machine.give_python()
    machine.run("x")
    machine.called()
    done = machine.run("--help")
    listed = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("  ./run ")]
    assert listed == ["demo", "test", "check", "looks", "prove", "bench", "docs", "messages", "lock"]
    assert machine.called() == [CATALOGUES, "python -m tertulia.project --help"]


def test_the_help_of_a_command_is_the_commands(machine: Machine) -> None:
    machine.give_python()
    machine.run("event", "--help")
    assert machine.called()[-1] == "python -m tertulia.project event --help"


def test_without_venv_and_without_root_one_line_says_what_to_install(machine: Machine) -> None:
    done = machine.run("demo")
    line = "run: please install python3-venv first (on Debian or Ubuntu: sudo apt-get install python3-venv)\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", line)


def test_root_gets_it_from_the_system_and_is_told_when_that_is_too_old(machine: Machine) -> None:
    machine.stub(machine.stubs / "id", "echo 0")
    machine.stub(machine.stubs / "python3", '[ "$1" != --version ] || echo "Python 3.9.2"; exit 1')
    machine.stub(machine.stubs / "apt-get")
    done = machine.run("demo")
    assert [call for call in machine.called() if call.startswith("apt-get")] == [
        "apt-get update",
        "apt-get install -y --no-install-recommends python3-venv",
    ]
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "run: Tertulia needs Python 3.11 or newer; python3 is Python 3.9.2"


def test_an_environment_of_somebody_else_is_left_alone(machine: Machine) -> None:
    """Whoever made it is not the 4242 that we are here; its python cannot be started by us."""
    machine.stub(machine.stubs / "id", "echo 4242")
    machine.stub(machine.stubs / "python3")
    machine.stub(machine.venv / "python", "exit 126")
    owner = (machine.home / ".venv").owner()
    done = machine.run("demo")
    line = f"run: you cannot use {machine.home}/.venv, which belongs to {owner}: use a clone of your own\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", line)
    assert [call for call in machine.called() if "venv" in call] == []


def test_any_other_word_is_the_command_line_after_set_up(machine: Machine) -> None:
    machine.give_python()
    assert machine.run("event", "import", "a file.json").returncode == 0
    assert machine.called() == [GET_UV, SYNC_RUN, CATALOGUES, "python -m tertulia.project event import a file.json"]


def test_packages_are_installed_again_only_when_their_lock_changed(machine: Machine) -> None:
    machine.give_python()
    machine.run("x")
    machine.called()
    machine.run("x")
    assert machine.called() == [CATALOGUES, "python -m tertulia.project x"]
    machine.lock("run", "one==2")
    machine.run("x")
    assert machine.called() == [SYNC_RUN, CATALOGUES, "python -m tertulia.project x"]


def test_what_the_tests_need_is_added_and_then_kept(machine: Machine) -> None:
    machine.give_python()
    machine.run("x")
    machine.called()
    machine.run("check")
    assert machine.called() == [SYNC_ALL, CATALOGUES, "python -m tests.checks"]
    machine.run("x")
    assert machine.called() == [CATALOGUES, "python -m tertulia.project x"]
    machine.lock("all", "one==2")
    machine.run("x")
    assert machine.called()[0] == SYNC_ALL


def test_a_linked_environment_is_used_as_it_is(machine: Machine, tmp_path: Path) -> None:
    machine.give_python()
    (machine.home / ".venv").rename(tmp_path / "shared")
    (machine.home / ".venv").symlink_to(tmp_path / "shared")
    machine.run("check")
    assert machine.called() == [CATALOGUES, "python -m tests.checks"]


def test_a_set_up_that_fails_is_the_end_and_is_tried_again(machine: Machine) -> None:
    machine.give_python()
    machine.stub(machine.venv / "uv", "exit 3")
    assert machine.run("x").returncode == 3
    assert machine.called() == [GET_UV, SYNC_RUN]
    assert machine.run("test").returncode != 0
    assert [call for call in machine.called() if "tests.suite" in call] == []


def test_where_chromium_is_a_snap_playwright_brings_one(machine: Machine) -> None:
    machine.give_python()
    machine.stub(machine.stubs / "grep", '[ "$*" = "-qs ^ID=ubuntu /etc/os-release" ]')
    machine.stub(machine.venv / "playwright")
    machine.stub(
        machine.venv / "python", f'[ "$1" = -c ] && echo /own/chrome; echo "$TERTULIA_TEST_CHROMIUM" >>{machine.log}'
    )
    machine.run("test", "tests/journeys")
    called = machine.called()
    assert "playwright install chromium" in called
    assert called[-2:] == ["python -m tests.suite tests/journeys", "/own/chrome"]


NPM_FOR_TESTS, NPM_FOR_PROOFS = "npm ci --loglevel=error --omit=dev", "npm ci --loglevel=error"


def test_what_reads_pages_is_installed_when_its_lock_changed_and_lighthouse_for_proofs_alone(machine: Machine) -> None:
    (machine.home / "tests" / "prove").mkdir(parents=True)
    for name in ("house", "look"):
        (machine.home / "tests" / "prove" / f"{name}.py").touch()
    machine.give_python()

    def npm_after(*words: str) -> list[str]:
        assert machine.run(*words).returncode == 0
        return [call for call in machine.called() if call.startswith("npm")]

    assert npm_after("prove", "house") == []
    assert npm_after("test", "tests/kit") == [NPM_FOR_TESTS]
    assert npm_after("test", "tests/kit") == []
    assert npm_after("prove", "look") == [NPM_FOR_PROOFS]
    assert npm_after("test", "tests/kit") == npm_after("prove", "look") == []
    (machine.home / "package-lock.json").write_text("{ }")
    assert npm_after("test", "tests/kit") == [NPM_FOR_TESTS]


def test_packages_for_pages_that_cannot_be_installed_are_the_end(machine: Machine) -> None:
    machine.give_python()
    machine.stub(machine.stubs / "npm", "exit 7")
    assert machine.run("test").returncode == 7
    assert [call for call in machine.called() if not call.startswith("npm")] == []


def test_pictures_are_taken_with_what_the_tests_need(machine: Machine) -> None:
    machine.give_python()
    machine.stub(machine.venv / "playwright")
    assert machine.run("looks", "front", "--compare").returncode == 0
    called = machine.called()
    assert SYNC_ALL in called
    assert called[-1].endswith("-m tests.looks front --compare")


def test_a_list_of_the_pictures_needs_no_browser(machine: Machine) -> None:
    machine.give_python()
    machine.chromium = "/no/such"
    assert machine.run("looks", "front").stderr.startswith("run: please install chromium first ")
    machine.called()
    assert machine.run("looks", "--list").returncode == 0
    assert machine.called()[-1] == "python -m tests.looks --list"


def test_a_proof_is_chosen_by_name_only(machine: Machine) -> None:
    (machine.home / "tests" / "prove").mkdir(parents=True)
    for name in ("house", "_bare_root", "__init__", "room"):
        (machine.home / "tests" / "prove" / f"{name}.py").touch()
    for words in (("prove",), ("prove", "../prove/house"), ("prove", "_bare_root"), ("prove", "house room")):
        done = machine.run(*words)
        assert (done.returncode, done.stderr) == (1, "run: name one of: house room\n"), words
    machine.give_python()
    machine.run("prove", "room", "--quick")
    assert machine.called()[-1] == "python -m tests.prove.room --quick"


def test_files_are_meant_from_where_the_caller_stands(machine: Machine, tmp_path: Path) -> None:
    machine.give_python()
    machine.stub(machine.venv / "python", f'pwd >>"{machine.log}"')
    machine.run("event", "import", "x.json", where=tmp_path)
    assert machine.called()[-2:] == ["python -m tertulia.project event import x.json", str(tmp_path)]


def test_what_pip_is_told_about_indexes_uv_is_told_too(machine: Machine) -> None:
    machine.give_python()
    machine.stub(machine.venv / "uv", f'echo "$UV_DEFAULT_INDEX|$UV_INDEX|$SSL_CERT_FILE" >>"{machine.log}"')
    told = {"PIP_INDEX_URL": "file:///a", "PIP_EXTRA_INDEX_URL": "file:///b", "PIP_CERT": "/c", "PATH": os.defpath}
    subprocess.run([str(machine.home / "run"), "x"], env=told, check=True, capture_output=True)
    assert machine.called()[2] == "file:///a|file:///b|/c"


@pytest.mark.parametrize("proof", ["look", "people"])
def test_proofs_that_open_pages_ask_for_a_browser_first(proof: str, machine: Machine) -> None:
    machine.give_python()
    machine.chromium = "/no/such"
    assert machine.run("prove", proof).stderr.startswith("run: please install chromium first ")
