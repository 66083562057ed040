"""Migrations run once: the migrated database is kept in build/templates and copied from there."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "build" / "templates"


def kept(kind: str, build: Callable[[Path], None]) -> Path:
    """The template of this `kind` for the code as it is; `build` fills a folder with it when there is none yet."""
    place = KEPT / f"{kind}-{_fingerprint()}"
    if not place.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        # Not in KEPT itself: PostgreSQL runs as a user who may not look in there.
        with tempfile.TemporaryDirectory(prefix="tertulia-template-") as folder:
            build(Path(folder))
            _keep(Path(folder), place)
    return place


def prepare(**environment: str) -> None:
    """Let `tertulia prepare` make the database that the `environment` names, in a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, "-m", "tertulia.project", "prepare", "--verbosity=0"]
    subprocess.run(command, check=True, cwd=ROOT, env=inherited | {"PYTHONPATH": str(ROOT)} | environment)


def _fingerprint() -> str:
    """What a migrated database depends on: migrations, what runs after them, the settings and the packages."""
    package = ROOT / "tertulia"
    files = [*package.glob("**/migrations/**/*.py"), *package.glob("*/apps.py"), *package.glob("*/receivers.py")]
    files += [package / "project" / "settings.py", ROOT / "requirements" / "all.txt"]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:20]


def _keep(folder: Path, place: Path) -> None:
    """Move the finished `folder` to its `place` in one step; two runs may build the same at once."""
    with tempfile.TemporaryDirectory(prefix="new-", dir=KEPT) as near:
        fresh = Path(near) / "template"
        # Through cp, because a cluster belongs to another user and has to go on doing so.
        subprocess.run(["cp", "-a", str(folder), str(fresh)], check=True)
        with contextlib.suppress(OSError):
            fresh.rename(place)
