"""`./run test`: the checks, the suite on SQLite and PostgreSQL, and how much of the package all that ran."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "build" / "tests"
COVERAGE_AT_LEAST = 95
LANES = 2
SECONDS_BETWEEN_SIGNS = 30


class Part(NamedTuple):
    """What one pytest runs: a name, the database below it, and pytest's words that choose the tests."""

    name: str
    database: str
    words: tuple[str, ...]


# The longest first; a lane that is free takes the next.
PARTS = (
    Part("browsers", "sqlite", ("tests/journeys",)),
    Part("sqlite", "sqlite", ("--ignore=tests/journeys", "-m", "not journey")),
    Part("servers", "sqlite", ("--ignore=tests/journeys", "-m", "journey")),
    Part("postgresql", "postgresql", ("-m", "not journey and not parser")),
)


def main(words: list[str]) -> int:
    """Run all of it, or with `words` pytest with those words, on what TERTULIA_TEST_DATABASE says, else SQLite."""
    if words:
        return _run("-m", "pytest", *words)
    # Absolute, because servers that tests start stand in other folders and are measured too.
    os.environ["COVERAGE_FILE"] = str(REPORTS / "coverage")
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    codes = [_run("-m", "tests.checks"), *_all_parts()]
    codes += [_coverage("combine", "--quiet"), _coverage("report", f"--fail-under={COVERAGE_AT_LEAST}")]
    print(_closing_line(codes), flush=True)
    return 1 if any(codes) else 0


def _all_parts() -> list[int]:
    """All parts, as many at a time as there are lanes; what each said is shown when it is done."""
    print(f"\n── the suite in {len(PARTS)} parts, {LANES} at a time; each is shown when it is done ──", flush=True)
    with ThreadPoolExecutor(LANES) as lanes:
        runs = {lanes.submit(_run_part, part): part for part in PARTS}
        open_ones = set(runs)
        while open_ones:
            done, open_ones = wait(open_ones, timeout=SECONDS_BETWEEN_SIGNS, return_when=FIRST_COMPLETED)
            for run in done:
                print(f"\n── {runs[run].name}, on {runs[run].database} ──\n{_said_by(runs[run])}", flush=True)
            if not done:
                print(_so_far([runs[run] for run in runs if run in open_ones and run.running()]), flush=True)
    return [run.result() for run in runs]


def _run_part(part: Part) -> int:
    report = REPORTS / f"{part.name}.xml"
    wanted = ["-m", "pytest", f"--junitxml={report}", "-o", f"junit_suite_name={part.name}", *part.words]
    line = ["env", f"TERTULIA_TEST_DATABASE={part.database}", sys.executable, "-m", "coverage", "run", *wanted]
    with _log_of(part).open("wb") as log:
        return subprocess.run(line, check=False, cwd=ROOT, stdout=log, stderr=log).returncode


def _log_of(part: Part) -> Path:
    return REPORTS / f"{part.name}.log"


def _said_by(part: Part) -> str:
    return _log_of(part).read_text(errors="replace")


def _so_far(parts: list[Part]) -> str:
    """How far each of `parts` is, by the last per cent that its pytest wrote."""
    shares = {part.name: re.findall(r"\[ *(\d+%)\]", _said_by(part)) for part in parts}
    return "── " + ", ".join(f"{name} {share[-1] if share else 'begins'}" for name, share in shares.items())


def _coverage(*words: str) -> int:
    return _run("-m", "coverage", *words)


def _run(*words: str) -> int:
    return subprocess.run([sys.executable, *words], check=False, cwd=ROOT).returncode


def _closing_line(codes: list[int]) -> str:
    """What happened on both databases together; a part that did not come to an end counts as one failure."""
    total: Counter[str] = Counter()
    for report in sorted(REPORTS.glob("*.xml")):
        # The report is our own pytest's, written a moment ago.
        for suite in ET.parse(report).getroot():  # noqa: S314
            total.update({kind: int(suite.get(kind, 0)) for kind in ("tests", "failures", "errors", "skipped")})
    broken = total["failures"] + total["errors"]
    passed = total["tests"] - broken - total["skipped"]
    # A test that fails makes its whole part fail; every other part that failed is counted by itself.
    checks, *suites, _combined, coverage = (code != 0 for code in codes)
    failed = checks + coverage + (broken or any(suites))
    return f"{passed} passed, {failed} failed" + (f", {total['skipped']} skipped" if total["skipped"] else "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
