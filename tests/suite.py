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
    codes = [_run("-m", "tests.checks"), *_on_both()]
    codes += [_coverage("combine", "--quiet"), _coverage("report", f"--fail-under={COVERAGE_AT_LEAST}")]
    print(_closing_line(codes), flush=True)
    return 1 if any(codes) else 0


def _on_both() -> list[int]:
    """The suite on both databases at once, a processor each; what PostgreSQL's says is shown when both are done."""
    said = REPORTS / "postgresql.log"
    with said.open("wb") as log:
        print("\n── the suite on postgresql begins beside it, and is shown afterwards ──", flush=True)
        beside = subprocess.Popen(_line("postgresql", "-m", ON_ONE_DATABASE), cwd=ROOT, stdout=log, stderr=log)
    print("── the suite on sqlite ──", flush=True)
    code = subprocess.run(_line("sqlite"), check=False, cwd=ROOT).returncode
    other = beside.wait()
    print(f"\n── the suite on postgresql ──\n{said.read_text(errors='replace')}", flush=True)
    return [code, other]


def _line(database: str, *words: str) -> list[str]:
    report = REPORTS / f"{database}.xml"
    report.unlink(missing_ok=True)
    wanted = ["-m", "pytest", f"--junitxml={report}", "-o", f"junit_suite_name={database}", *words]
    return ["env", f"TERTULIA_TEST_DATABASE={database}", sys.executable, "-m", "coverage", "run", *wanted]


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
