"""Every check is seen to fail: faults are planted into a copy, and the very commands of CI have to find them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.architecture import faults
from tests.architecture.audit_faults import AUDIT_FAULTS
from tests.architecture.counting_faults import COUNTING_FAULTS
from tests.architecture.faults import TESTS, Fault
from tests.architecture.house import ROOT, is_ignored
from tests.architecture.known_faults import KNOWN_FAULTS
from tests.architecture.model_faults import MODEL_FAULTS
from tests.architecture.neighbour_faults import NEIGHBOUR_FAULTS
from tests.architecture.translation_faults import TRANSLATION_FAULTS

FAULTS = [
    *faults.FAULTS,
    *AUDIT_FAULTS,
    *COUNTING_FAULTS,
    *KNOWN_FAULTS,
    *MODEL_FAULTS,
    *NEIGHBOUR_FAULTS,
    *TRANSLATION_FAULTS,
]
CHECKS = [sys.executable, "-m", "tests.checks"]
ARCHITECTURE = [sys.executable, "-m", "pytest", "-q", "--tb=short", "tests/architecture"]
# These start processes of their own; the rest of the suite is not needed to judge the house.
LEFT_OUT = {"test_planted_faults.py", "journeys", "faults", "prove"}
TYPES_KNOWN = ".mypy_cache"
pytestmark = [pytest.mark.parser, pytest.mark.timeout(400)]

Outcomes = dict[tuple[str, bool], "subprocess.CompletedProcess[str]"]


def copy_of_the_repository(place: Path) -> Path:
    """A copy with everything that the checks read; what took long to make is taken from the original."""
    shutil.copytree(ROOT, place, ignore=lambda folder, names: {name for name in names if leave_out(Path(folder, name))})
    (ROOT / "build").mkdir(exist_ok=True)
    (place / "build").symlink_to(ROOT / "build")
    if (ROOT / TYPES_KNOWN).exists():
        shutil.copytree(ROOT / TYPES_KNOWN, place / TYPES_KNOWN)
    return place


def leave_out(path: Path) -> bool:
    return path.name in LEFT_OUT or is_ignored(path)


def run(command: list[str], place: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of CI inside a copy, as if nothing around it were set."""
    settings = ("TERTULIA_", "DJANGO_", "DATABASE_URL", "COVERAGE_", "COV_", "PYTEST_", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(settings)}
    return subprocess.run(
        command, cwd=place, env=environment, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcomes]:
    """What the checks and the tests said of a copy as it is, and of one with all faults in it."""
    folder = tmp_path_factory.mktemp("copies")
    whole, faulty = copy_of_the_repository(folder / "whole"), copy_of_the_repository(folder / "faulty")
    for fault in FAULTS:
        fault.plant(faulty)
    tasks = [(command, place) for command in (ARCHITECTURE, CHECKS) for place in (faulty, whole)]
    with ThreadPoolExecutor(2) as crew:
        done = list(crew.map(lambda task: run(*task), tasks))
    yield {(" ".join(command), place is whole): one for (command, place), one in zip(tasks, done, strict=True)}
    shutil.rmtree(folder)


@pytest.mark.parametrize("command", [CHECKS, ARCHITECTURE], ids=["checks", "architecture"])
def test_a_copy_without_faults_passes(outcomes: Outcomes, command: list[str]) -> None:
    outcome = outcomes[" ".join(command), True]
    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_found(outcomes: Outcomes, fault: Fault) -> None:
    by_tests = fault.found_by == TESTS
    outcome = outcomes[" ".join(ARCHITECTURE if by_tests else CHECKS), False]
    # What tools print is broken into lines as they like it.
    said = " ".join(outcome.stdout.split())
    assert outcome.returncode == 1, outcome.stdout
    assert by_tests or f"{fault.found_by} FOUND SOMETHING" in said, said
    assert fault.says in said, said
