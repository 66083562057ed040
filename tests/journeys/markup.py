"""Valid HTML, by the word of the Nu checker (vnu): one run of it over many pages."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent.parent
CHECKER = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
MINUTES = 5


class NoChecker(Exception):  # noqa: N818 - it says what is missing
    """There is no checker on this machine; the sentence says what brings it."""


def is_here() -> bool:
    """Whether there is a checker, and Java to run it."""
    return CHECKER.exists() and shutil.which("java") is not None


def faults_in(pages: Mapping[str, str]) -> list[str]:
    """What the checker holds against `pages` (name to HTML), errors and warnings: page, line, sentence. NoChecker."""
    if not is_here():
        raise NoChecker("the Nu HTML checker or Java is not here: `./run test` installs both")
    with TemporaryDirectory() as folder:
        files = {}
        for number, (name, text) in enumerate(pages.items()):
            file = Path(folder) / f"{number}.html"
            file.write_text(text, encoding="utf-8")
            files[file.name] = name
        return [f"{files[PurePosixPath(said['url']).name]}: {_sentence(said)}" for said in _asked(folder)]


def _asked(folder: str) -> list[dict[str, str]]:
    command = ["java", "-jar", str(CHECKER), "--format", "json", "--exit-zero-always", "--stdout", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=MINUTES * 60)
    if done.returncode != 0:
        raise NoChecker(f"the Nu HTML checker ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    said: list[dict[str, str]] = json.loads(done.stdout)["messages"]
    return said


def _sentence(said: dict[str, str]) -> str:
    extract = " ".join(said.get("extract", "").split())
    return f"line {said.get('lastLine', '?')}: {said['message']} ({extract})"
