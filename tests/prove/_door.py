"""The door at length: 10,000 sign-ups from one address, and answers that a clock must not tell apart."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.prove._steps import Outcome

LINE = [sys.executable, "-m", "tests.prove._door_at_length"]


def flood() -> Iterator[Outcome]:
    """10,000 sign-ups from one address, also with work and tickets of their own, keep nobody out and fill no memory."""
    yield from _told("flood")


def timing() -> Iterator[Outcome]:
    """The whole page answers an unknown, a misshapen and a closed way back in equally soon; a naive form does not."""
    yield from _told("timing")


def _told(step: str) -> Iterator[Outcome]:
    """What the step says, line by line, in a house of its own."""
    with tempfile.TemporaryDirectory(prefix="tertulia-door-") as folder:
        alone = dict.fromkeys(("DATABASE_URL", "TERTULIA_KEYS", "TERTULIA_PEPPER_FILE"), "")
        environment = (
            os.environ | alone | {"TERTULIA_DATA": folder, "DJANGO_SETTINGS_MODULE": "tertulia.project.settings"}
        )
        prepared = [sys.executable, "-m", "tertulia.project", "prepare"]
        subprocess.run(prepared, env=environment, check=True, stdout=subprocess.DEVNULL)
        said = Path(folder) / "said.txt"
        done = subprocess.run([*LINE, step, str(said)], env=environment, check=False, capture_output=True, text=True)
        for line in said.read_text().splitlines() if said.exists() else []:
            name, held, seen = line.split("\t")
            yield Outcome(name, held == "True", seen)
        if done.returncode:
            yield Outcome(step, passed=False, seen=(done.stderr.strip().splitlines() or ["it ended early"])[-1])
