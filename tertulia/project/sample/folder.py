"""Where a demo lives: a data folder of its own, marked, and settled before any settings are read."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from tertulia.project.address import HOST, PORT, address_at

MARK = "demo.json"
LOCK = "hub.lock"
NETWORK = "Saltmarsh Network (sample)"
USUAL = Path(__file__).resolve().parents[3] / "build" / "demo"


class NotADemo(Exception):  # noqa: N818 - it describes the folder
    """The folder cannot be a demo's; `str()` says why."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be said after `tertulia demo`."""
    parser.add_argument("--port", type=int, default=PORT, help=f"the port, 1 to 65535 (default: {PORT})")
    parser.add_argument("--fresh", action="store_true", help="throw the last demo away and begin anew")


def settle(words: Sequence[str]) -> None:
    """Claim the folder and point the settings at it; `words` stand after `demo` on the line.

    The demo never touches a database or keys that the surroundings name. NotADemo, and then nothing is changed.
    """
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    add_options(parser)
    try:
        asked, unknown = parser.parse_known_args(list(words))
    except argparse.ArgumentError:
        return
    if unknown:
        return
    folder = Path(os.environ.get("TERTULIA_DATA", "").strip() or USUAL).expanduser().resolve()
    claim(folder, fresh=asked.fresh)
    alone = dict.fromkeys(("DATABASE_URL", "TERTULIA_KEYS", "TERTULIA_PEPPER_FILE"), "")
    address = address_at(HOST, asked.port)
    os.environ.update(alone, TERTULIA_DATA=str(folder), TERTULIA_URL=address, TERTULIA_NAME=NETWORK)


def claim(folder: Path, *, fresh: bool = False) -> None:
    """Make `folder` a demo's, or take it up again; `fresh`: without what the last demo left in it.

    NotADemo if it holds anything else, or if a demo runs there.
    """
    if folder.exists() and not folder.is_dir():
        raise NotADemo(f"{folder} is not a folder")
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).is_file():
            raise NotADemo(f"{folder} holds something else than a demo; name another folder with --data")
        if _is_served(folder):
            raise NotADemo(f"a demo runs in {folder} already; stop it first, or name another folder with --data")
        if fresh:
            shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / MARK).exists():
        remember(folder)


def remembered(folder: Path) -> dict[str, str]:
    """What the demo in `folder` wrote down of itself; NotADemo if it is none."""
    try:
        kept: dict[str, str] = json.loads((folder / MARK).read_text("utf-8"))
    except (OSError, ValueError):
        raise NotADemo(f"{folder} is not a demo's; start it with: tertulia demo --data DIR") from None
    return kept


def remember(folder: Path, **told: str) -> None:
    """Write down what the next start needs, besides what is there already."""
    before = remembered(folder) if (folder / MARK).exists() else {}
    draft = folder / f"{MARK}.new"
    draft.write_text(json.dumps({**before, **told}, indent=1) + "\n", "utf-8")
    draft.replace(folder / MARK)


def _is_served(folder: Path) -> bool:
    try:
        with (folder / LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
