"""`./run test`: the checks, the suite on SQLite, then on PostgreSQL, and how much of the package all that ran."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "build" / "tests"
COVERAGE_AT_LEAST = 95
ON_ONE_DATABASE = "not journey and not parser"


def main(words: list[str]) -> int:
    """Run all of it, or with `words` pytest with those words, on what TERTULIA_TEST_DATABASE says, else SQLite."""
    if words:
        return _run("-m", "pytest", *words)
    # Absolute, because servers that tests start stand in other folders and are measured too.
    os.environ["COVERAGE_FILE"] = str(REPORTS / "coverage")
    REPORTS.mkdir(parents=True, exist_ok=True)
    _coverage("erase")
    codes = [_run("-m", "tests.checks"), _pytest("sqlite"), _pytest("postgresql", "-m", ON_ONE_DATABASE)]
    codes += [_coverage("combine", "--quiet"), _coverage("report", f"--fail-under={COVERAGE_AT_LEAST}")]
    print(_closing_line(codes), flush=True)
    return 1 if any(codes) else 0


def _pytest(database: str, *words: str) -> int:
    print(f"\n── the suite on {database} ──", flush=True)
    report = REPORTS / f"{database}.xml"
    report.unlink(missing_ok=True)
    os.environ["TERTULIA_TEST_DATABASE"] = database
    return _coverage("run", "-m", "pytest", f"--junitxml={report}", *words)


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
