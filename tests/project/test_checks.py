"""`./run check` runs what it is asked to run, and a finding is a failure; that each check finds, is shown elsewhere."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests import checks
from tests.ground.nursery import until

pytestmark = pytest.mark.parser
# A shell that starts the tests in the background lets its children ignore Ctrl-C.
HEEDING = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "


def test_a_check_that_there_is_none_of_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert checks.main(["nonsense"]) == 2
    assert capsys.readouterr().err.startswith("run check: there is no nonsense; there is types, migrations, style, ")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of its own to check."""
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(checks, "ROOT", tmp_path)
    return tmp_path


def test_one_check_can_be_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "sound.py").write_text("import os\n\nprint(os.name)\n")
    assert checks.main(["style"]) == 0
    said = re.sub(r"[0-9.]+ s", "N s", capsys.readouterr().out)
    assert said == "style        ok (N s)\n1 passed, 0 failed\n"


def test_what_a_tool_finds_is_shown_and_is_a_failure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "fault.py").write_text("import  os\n")
    assert checks.main(["style", "form"]) == 1
    said = capsys.readouterr().out
    assert "F401" in said
    assert said.endswith("0 passed, 2 failed\n")


def test_stopped_it_says_so_in_one_line_and_takes_its_tools_along() -> None:
    line = [sys.executable, "-c", f"{HEEDING}from tests import checks; sys.exit(checks.main(['types', 'migrations']))"]
    asked = subprocess.Popen(line, cwd=checks.ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process = psutil.Process(asked.pid)
    until(lambda: len(process.children()) == 2)
    tools = process.children()
    asked.send_signal(signal.SIGINT)
    assert asked.communicate(timeout=60) == ("", "run check: stopped\n")
    assert asked.returncode == 130
    assert [tool for tool in tools if tool.is_running()] == []
