"""`./run check`: every tool that reads the code without running it, side by side; seconds, and one verdict for each."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
STOPPED = 130
# Who is stopped takes them along.
_RUNNING: list[subprocess.Popen[str]] = []
_STOPPING = threading.Event()


def main(names: list[str]) -> int:
    """Run all checks, or those of these `names`; 1 when one of them finds something, 2 for a name there is none of."""
    checks = _checks()
    unknown = set(names) - set(checks)
    if unknown:
        print(f"run check: there is no {', '.join(sorted(unknown))}; there is {', '.join(checks)}", file=sys.stderr)
        return 2
    chosen = [(name, command) for name, command in checks.items() if not names or name in names]
    try:
        outcomes = _outcomes(chosen)
    except KeyboardInterrupt:
        print("run check: stopped", file=sys.stderr)
        return STOPPED
    print(f"{outcomes.count(True)} passed, {outcomes.count(False)} failed")
    return 0 if all(outcomes) else 1


def _outcomes(chosen: list[tuple[str, list[str]]]) -> list[bool]:
    with tempfile.TemporaryDirectory() as data, ThreadPoolExecutor(os.cpu_count()) as crew:
        try:
            return list(crew.map(lambda check: _run(check[0], check[1], data), chosen))
        except KeyboardInterrupt:
            _STOPPING.set()
            crew.shutdown(wait=False, cancel_futures=True)
            for tool in _RUNNING:
                tool.kill()
            raise


def _checks() -> dict[str, list[str]]:
    """The name of each check and its command, the slowest first."""
    checks = {
        "types": [_tool("mypy")],
        "migrations": [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
        "style": [_tool("ruff"), "check", "--quiet"],
        "form": [_tool("ruff"), "format", "--check", "--quiet"],
    }
    if any(ROOT.glob("tertulia/*/templates/**/*.html")):
        # Not its formatter: the white space that it adds between words is seen, and weighs on every page.
        checks["templates"] = [_tool("djlint"), "tertulia", "--lint", "--quiet"]
    if _layers_are_declared():
        checks["layers"] = [_tool("lint-imports"), "--no-cache"]
    shellcheck = shutil.which("shellcheck")
    if shellcheck:
        checks["shell"] = [shellcheck, "run", ".ci/run", "deploy/tertulia"]
    return checks


def _layers_are_declared() -> bool:
    return (ROOT / ".importlinter").exists() or "[tool.importlinter" in (ROOT / "pyproject.toml").read_text()


def _tool(name: str) -> str:
    return str(BIN / name)


def _run(name: str, command: list[str], data: str) -> bool:
    began = time.monotonic()
    settings = {"DJANGO_SETTINGS_MODULE": "tertulia.project.settings", "TERTULIA_DATA": data, "DATABASE_URL": ""}
    settings["PYTHONPATH"] = str(ROOT)
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | settings, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as done:
        _RUNNING.append(done)
        told = done.communicate()[0]
    if _STOPPING.is_set():
        return False
    verdict = "ok" if done.returncode == 0 else "FOUND SOMETHING"
    said = "" if done.returncode == 0 else f"\n{told.rstrip()}\n"
    print(f"{name:12} {verdict} ({time.monotonic() - began:.1f} s){said}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
