"""`./run bench house`: Tertulia all in one beside an empty Wagtail project: its start, and its memory at rest."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from benchmarks._processes import Spread, ask, first_page, free_port, memory, processor, rest, started, tree

ROOT = Path(__file__).resolve().parent.parent
HELD = 1.3
# What Tertulia asks of uvicorn, as its command line says it.
SERVED_ALIKE = ["--loop=uvloop", "--http=httptools", "--ws=none", "--lifespan=off", "--interface=asgi3"]
SERVED_ALIKE += ["--no-access-log", "--no-proxy-headers", "--no-server-header", "--log-level=warning"]
LOCAL = "SECRET_KEY = 'of a benchmark'\nALLOWED_HOSTS = ['127.0.0.1']\n"
IN_THREADS = """
from a2wsgi import WSGIMiddleware
from empty.wsgi import application as pages
application = WSGIMiddleware(pages, workers=8)
"""


@dataclass
class House:
    """One of those compared: how it is started in its `folder`, and what was read off it, run by run."""

    name: str
    line: list[str]
    folder: Path
    staff: str
    variables: dict[str, str]
    readings: dict[str, list[float]] = field(default_factory=dict)

    def measure(self) -> None:
        """Start it, ask for the front page three times and for the way in of its staff, let it rest, read, end it."""
        port = free_port()
        line = [word.format(port=port) for word in self.line]
        address = f"http://127.0.0.1:{port}"
        began = time.monotonic()
        with started(line, self.folder, self.variables) as process:
            first_page(address + "/", process)
            self._read("start", time.monotonic() - began)
            self._read("start_processor", processor(process.pid))
            for path in ("/", "/", self.staff):
                if ask(address + path) != 200:
                    raise RuntimeError(f"{self.name}: {path} is not given")
            self._read("rest_processor", rest(process.pid) * 100)
            self._read("memory", memory(process.pid))
            self._read("processes", len(tree(process.pid)))

    def spread(self, what: str) -> Spread:
        """The spread of what was read, all runs counted."""
        return Spread.of(self.readings[what])

    def _read(self, what: str, reading: float) -> None:
        self.readings.setdefault(what, []).append(reading)


def main() -> int:
    """Measure them in turn; 1 when Tertulia needs more than 1.3 times what the stricter peer does."""
    parser = argparse.ArgumentParser(prog="./run bench house", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each is started (default: 5)")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="tertulia-bench-") as folder:
        houses = list(_made(Path(folder)))
        before = os.getloadavg()
        for turn in range(rounds):
            for house in houses:
                print(f"round {turn + 1} of {rounds}: {house.name}", file=sys.stderr, flush=True)
                house.measure()
    print(_told(houses, rounds, before))
    return 0 if max(_ratios(houses[0], houses[-1]).values()) <= HELD else 1


def _made(folder: Path) -> Iterator[House]:
    """Tertulia and the empty project in its two forms, the stricter one last, each in a folder of its own."""
    python = sys.executable
    ours = {"TERTULIA_DATA": str(_fresh(folder / "tertulia")), "PYTHONPATH": str(ROOT), "DATABASE_URL": ""}
    _do([python, "-m", "tertulia.project", "prepare"], ROOT, ours)
    yield House(
        "tertulia serve", [python, "-m", "tertulia.project", "serve", "--port", "{port}"],
        folder / "tertulia", "/staff/", ours,
    )  # fmt: skip
    yield House(
        "empty Wagtail, manage.py runserver", [python, "manage.py", "runserver", "{port}"],
        _empty_project(folder / "documented"), "/admin/", {},
    )  # fmt: skip
    yield House(
        "empty Wagtail, one uvicorn",
        [python, "-m", "uvicorn", "served:application", "--port", "{port}", *SERVED_ALIKE],
        _empty_project(folder / "strict"), "/admin/", {"DJANGO_SETTINGS_MODULE": "empty.settings.production"},
    )  # fmt: skip


def _empty_project(folder: Path) -> Path:
    """What `wagtail start` makes, migrated, ready for both ways of starting it."""
    _do([str(Path(sys.executable).parent / "wagtail"), "start", "empty", str(_fresh(folder))], folder, {})
    (folder / "empty" / "settings" / "local.py").write_text(LOCAL)
    (folder / "served.py").write_text(IN_THREADS)
    _do([sys.executable, "manage.py", "migrate", "--verbosity", "0"], folder, {})
    _do([sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"], folder,
        {"DJANGO_SETTINGS_MODULE": "empty.settings.production"})  # fmt: skip
    return folder


def _fresh(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _do(line: list[str], folder: Path, variables: dict[str, str]) -> None:
    subprocess.run(line, cwd=folder, env=os.environ | variables, check=True, stdout=subprocess.DEVNULL)


def _ratios(ours: House, peer: House) -> dict[str, float]:
    """The medians of Tertulia over those of a peer."""
    return {
        what: ours.spread(what).median / peer.spread(what).median for what in ("memory", "start", "start_processor")
    }


def _told(houses: list[House], rounds: int, before: tuple[float, float, float]) -> str:
    """The section for RESULTS.md."""
    lines = [
        f"{rounds} rounds, in turn; median (least to most). {_machine()}",
        f"Load of the machine (1 min) {before[0]:.1f} before and {os.getloadavg()[0]:.1f} after.",
        "",
        "| | processes | memory at rest, MB | start, s | processor time of the start, s | at rest, % of a processor |",
        "|---|---|---|---|---|---|",
        *(_row(house) for house in houses),
        "",
        *(_compared(houses[0], peer) for peer in houses[1:]),
    ]
    return "\n".join(lines)


def _row(house: House) -> str:
    cells = [house.spread(what).shown(digits) for what, digits in (
        ("memory", 1), ("start", 2), ("start_processor", 2), ("rest_processor", 1))]  # fmt: skip
    return f"| {house.name} | {house.spread('processes').median:.0f} | {' | '.join(cells)} |"


def _compared(ours: House, peer: House) -> str:
    ratios = _ratios(ours, peer)
    return (
        f"Against {peer.name}: memory {ratios['memory']:.2f} ×, start {ratios['start']:.2f} ×"
        f" (its processor time {ratios['start_processor']:.2f} ×)."
    )


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("django", "wagtail", "uvicorn", "uvloop", "a2wsgi"))
    memory_of_it = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{os.cpu_count()} processors ({platform.machine()}), {memory_of_it:.0f} GB, {platform.system()}"
        f" {platform.release()}, Python {platform.python_version()}, {packages}."
    )


if __name__ == "__main__":
    sys.exit(main())
