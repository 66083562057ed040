"""Lighthouse's word on a page: a slow phone on a slow line, in the system's Chromium."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
LIGHTHOUSE = ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"
# Hundredths.
LEAST = {"performance": 90, "accessibility": 95, "best-practices": 95, "seo": 95}
PASSED = 0.9
MINUTES = 4
# A page that asks not to be found is right to: it speaks of one person.
FOR_HIDDEN_PAGES = "is-crawlable"


class NoLighthouse(Exception):  # noqa: N818 - it says what is missing
    """Lighthouse cannot be asked; the sentence says why."""


@dataclass(frozen=True)
class Word:
    """Scores by category in hundredths, what was measured (milliseconds, bytes), and the audits not passed."""

    scores: dict[str, int]
    measured: dict[str, float]
    failed: list[str]

    @property
    def too_low(self) -> list[str]:
        """The categories below their least."""
        return [name for name, least in LEAST.items() if self.scores[name] < least]


def word_on(address: str, *, chromium: str, flags: list[str], cookies: str = "", hidden: bool = False) -> Word:
    """Ask Lighthouse, with its default phone and line, about `address`.

    `cookies` go with each request; `hidden`: the page asks search engines not to list it. NoLighthouse.
    """
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = ["node", str(LIGHTHOUSE), address, "--quiet", "--no-enable-error-reporting", "--output=json"]
        command += [f"--output-path={report}", f"--only-categories={','.join(LEAST)}"]
        command.append(f"--chrome-flags=--headless=new {' '.join(flags)}")
        command += [f"--skip-audits={FOR_HIDDEN_PAGES}"] if hidden else []
        if cookies:
            headers = Path(folder) / "headers.json"
            headers.write_text(json.dumps({"Cookie": cookies}))
            command.append(f"--extra-headers={headers}")
        _run(command, chromium)
        return _read(json.loads(report.read_text()))


def _run(command: list[str], chromium: str) -> None:
    environment = os.environ | {"CHROME_PATH": chromium}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=MINUTES * 60
        )
    except (FileNotFoundError, subprocess.TimeoutExpired) as fault:
        raise NoLighthouse(str(fault)) from fault
    if done.returncode != 0:
        raise NoLighthouse(f"it ended with {done.returncode}: {done.stderr.strip()[-300:]}")


def _read(report: dict[str, Any]) -> Word:
    if "runtimeError" in report:
        raise NoLighthouse(report["runtimeError"]["message"])
    scores = {name: round(100 * (category["score"] or 0)) for name, category in report["categories"].items()}
    wanted = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "total-byte-weight")
    measured = {name: report["audits"][name].get("numericValue", 0.0) for name in wanted}
    measured["cumulative-layout-shift"] = report["audits"]["cumulative-layout-shift"].get("numericValue", 0.0)
    weighed = [ref for category in report["categories"].values() for ref in category["auditRefs"] if ref["weight"]]
    audits = {ref["id"]: report["audits"][ref["id"]] for ref in weighed}
    asked = {name: audit["score"] for name, audit in audits.items() if audit["score"] is not None}
    return Word(scores, measured, [f"{name} {score:.2f}" for name, score in asked.items() if score < PASSED])
