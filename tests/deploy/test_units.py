"""The units are sound, closed, and start what there is."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tertulia.project.environment import VARIABLES
from tests.deploy.house import DEPLOY, assignments

pytestmark = [pytest.mark.parser]
UNITS = DEPLOY / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
# Of 10, where 0 is closed to everything: what `systemd-analyze security` says of each of them.
MOST_EXPOSED = 0.9
analysed = pytest.mark.skipif(
    not shutil.which("systemd-analyze") and "CI" not in os.environ, reason="systemd-analyze is not installed"
)


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units as systemd would find them, with a user and a program that this machine has."""
    folder = tmp_path / "units"
    shutil.copytree(UNITS, folder)
    for file in folder.rglob("*.*"):
        if file.is_file():
            text = file.read_text().replace("/opt/tertulia/.venv/bin/python", shutil.which("true") or "")
            text = text.replace("/opt/tertulia", str(tmp_path)).replace("=tertulia\n", "=daemon\n")
            file.write_text(text)
    return folder


@analysed
def test_systemd_finds_no_fault_in_them(units: Path) -> None:
    names = [str(path) for path in sorted(units.iterdir()) if path.is_file()]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names], check=False, capture_output=True, text=True
    )
    said = [line for line in (done.stdout + done.stderr).splitlines() if "tertulia" in line]
    assert (done.returncode, said) == (0, [])


@analysed
@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.stem)
def test_they_are_closed(service: Path, units: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED * 10:.0f}"]
    done = subprocess.run(
        [*command, str(units / service.name)], check=False, capture_output=True, text=True, env={"PATH": os.defpath}
    )
    found = re.search(r"Overall exposure level for .*: ([\d.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    assert (float(found[1]) <= MOST_EXPOSED, done.returncode) == (True, 0), done.stdout


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.stem)
def test_each_starts_a_command_that_there_is(service: Path) -> None:
    lines = [row.removeprefix("ExecStart=") for row in service.read_text().splitlines() if row.startswith("ExecStart=")]
    words = shlex.split(lines[0])
    assert (len(lines), words[:3]) == (1, ["/opt/tertulia/.venv/bin/python", "-m", "tertulia.project"])
    assert (DEPLOY.parent / f"tertulia/project/management/commands/{words[3]}.py").exists()
    assert service.stem == f"tertulia-{words[3]}"


def test_what_they_say_is_kept_in_memory_and_for_days() -> None:
    shared = (UNITS / "tertulia-.service.d" / "10-tertulia.conf").read_text()
    name = re.findall(r"^LogNamespace=(\w+)$", shared, re.MULTILINE)
    assert name == ["tertulia"]
    journal = assignments((DEPLOY / "journald" / f"{name[0]}.conf").read_text())
    assert {key: journal[key] for key in ("Storage", "MaxFileSec", "MaxRetentionSec", "ForwardToSyslog")} == {
        "Storage": "volatile",
        "MaxFileSec": "1day",
        "MaxRetentionSec": "3day",
        "ForwardToSyslog": "no",
    }


def test_the_settings_are_settings() -> None:
    given = assignments((DEPLOY / "environment").read_text())
    assert given.keys() - {variable.name for variable in VARIABLES} == set()
    assert given["DATABASE_URL"] == "postgres://tertulia@%2Fvar%2Frun%2Fpostgresql/tertulia"
