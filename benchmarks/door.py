"""`./run bench door`: thousands come in within minutes beside a running room, and what one sign-in costs the server."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psutil

from benchmarks._processes import first_page, free_port, started
from tertulia.live.rehearsal.browser import Browser, LineDown, Response

ROOT = Path(__file__).resolve().parent.parent
PROGRAMME = ROOT / "tests" / "programme" / "files" / "small.json"
SLUG = "nights"
JOIN, BACK = f"/events/{SLUG}/join/", "/come-back/"
FORM = "application/x-www-form-urlencoded"
HELD_MILLISECONDS = 3.0
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
WORDS = re.compile(r"<span>(\d{4})</span>")


@dataclass
class Arrivals:
    """What those who came in met: seconds of each step, the way back in of each, and what went wrong."""

    steps: dict[str, list[float]] = field(default_factory=lambda: {"the page": [], "coming in": []})
    phrases: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    async def come(self, port: int, number: int) -> None:
        """One person opens the page, chooses a name, comes in and is shown the way back."""
        browser = Browser("127.0.0.1", port)
        try:
            began = time.perf_counter()
            token = _token(await browser.get(JOIN))
            self.steps["the page"].append(time.perf_counter() - began)
            sent = {"csrfmiddlewaretoken": token, "chosen_name": f"Wren {number}", "kind": "digits"}
            began = time.perf_counter()
            answer = await browser.post(JOIN, urlencode(sent).encode(), FORM)
            page = await browser.get(answer.header("location") or JOIN)
            self.steps["coming in"].append(time.perf_counter() - began)
            self.phrases.append(_phrase(page))
        except (LineDown, LookupError) as fault:
            self.faults.append(str(fault))
        finally:
            await browser.hang_up()


def main() -> int:
    """Measure both; 1 when anybody met a fault, the books of the room do not balance, or a sign-in costs above 3 ms."""
    options = _options()
    before = os.getloadavg()
    with _served() as (port, process, environment):
        with _room(port, environment, options) as room:
            arrivals = asyncio.run(_arrive(port, options.people, options.minutes * 60))
            said = room.communicate()[0]
        cost = asyncio.run(_sign_in(port, process, arrivals.phrases[: options.sign_ins]))
    print(f"Load of the machine (1 min) {before[0]:.1f} before and {os.getloadavg()[0]:.1f} after.\n")
    print(_told(arrivals, options), f"\nThe room beside it: {said.strip()}\n", sep="\n")
    print(f"One sign-in: {cost:.2f} ms of a processor, over {min(options.sign_ins, len(arrivals.phrases))} of them.")
    return 0 if not arrivals.faults and room.returncode == 0 and cost <= HELD_MILLISECONDS else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench door", description=__doc__)
    parser.add_argument("--people", type=int, default=10_000, help="how many come in (default: 10000)")
    parser.add_argument("--minutes", type=float, default=5.0, help="within how many minutes (default: 5)")
    parser.add_argument("--listeners", type=int, default=100, help="people in the room beside it (default: 100)")
    parser.add_argument("--rate", type=float, default=2.0, help="messages a second in the room (default: 2)")
    parser.add_argument("--sign-ins", type=int, default=1000, help="how many come back afterwards (default: 1000)")
    return parser.parse_args()


@contextmanager
def _served() -> Iterator[tuple[int, psutil.Process, dict[str, str]]]:
    """A server with one event: its port, its process, and the variables that say which house it is."""
    with tempfile.TemporaryDirectory(prefix="tertulia-bench-") as folder:
        environment = {
            "TERTULIA_DATA": folder,
            "TERTULIA_KEYS": "",
            "TERTULIA_PEPPER_FILE": "",
            "DATABASE_URL": "",
            # All come from one address.
            "TERTULIA_NEWCOMERS_PER_MINUTE": "1000000",
            "PYTHONPATH": str(ROOT),
        }
        _command(environment, "prepare")
        _command(environment, "event", "import", str(PROGRAMME), "--slug", SLUG)
        port = free_port()
        line = [sys.executable, "-m", "tertulia.project", "serve", "--port", str(port)]
        with started(line, Path(folder), environment) as process:
            first_page(f"http://127.0.0.1:{port}{JOIN}", process)
            yield port, psutil.Process(process.pid), environment


@contextmanager
def _room(port: int, environment: dict[str, str], options: argparse.Namespace) -> Iterator[subprocess.Popen[str]]:
    """A room in which people talk all the while, in a process of its own."""
    line = [sys.executable, "-m", "tertulia.project", "event", "rehearse", SLUG, "--json"]
    line += ["--participants", str(options.listeners), "--rate", str(options.rate), "--minutes", str(options.minutes)]
    line += ["--url", f"http://127.0.0.1:{port}"]
    room = subprocess.Popen(
        line, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield room
    finally:
        if room.poll() is None:
            room.terminate()
            room.wait()


async def _arrive(port: int, people: int, seconds: float) -> Arrivals:
    """So many come in, evenly within so many seconds; who is early does not wait for who is slow."""
    arrivals, began = Arrivals(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(people):
            await asyncio.sleep(max(0.0, began + seconds * number / people - time.perf_counter()))
            group.create_task(arrivals.come(port, number))
    return arrivals


async def _sign_in(port: int, process: psutil.Process, phrases: list[str]) -> float:
    """Milliseconds of a processor, user and system, that the server needs for one right phrase; one after the other."""
    first = Browser("127.0.0.1", port)
    token = _token(await first.get(BACK))
    before = sum(process.cpu_times()[:2])
    for phrase in phrases:
        # A browser of one's own each time: it has the page with the form, and no session yet.
        browser = Browser("127.0.0.1", port)
        browser._cookies.update(first._cookies)  # noqa: SLF001 - as if it had opened the page
        body = urlencode({"csrfmiddlewaretoken": token, "phrase": phrase}).encode()
        answer = await browser.post(BACK, body, FORM)
        if answer.status != 302:
            raise RuntimeError(f"a right phrase was answered with {answer.status}")
        await browser.hang_up()
    return (sum(process.cpu_times()[:2]) - before) * 1000 / len(phrases)


def _token(page: Response) -> str:
    found = TOKEN.search(page.body.decode())
    if found is None:
        raise LookupError(f"{page.path} came back with {page.status}")
    return found.group(1)


def _phrase(page: Response) -> str:
    digits = WORDS.findall(page.body.decode())
    if not digits:
        raise LookupError(f"{page.path} came back with {page.status} and without a way back")
    return " ".join(digits)


def _told(arrivals: Arrivals, options: argparse.Namespace) -> str:
    """The table for RESULTS.md."""
    came = f"{len(arrivals.phrases)} of {options.people} came in within {options.minutes:g} minutes; "
    lines = [
        came + f"{len(arrivals.faults)} faults.",
        *arrivals.faults[:5],
        "",
        "| | p50, ms | p99, ms | longest, ms |",
    ]
    lines.append("|---|---|---|---|")
    for step, seconds in arrivals.steps.items():
        cuts = statistics.quantiles(seconds, n=100, method="inclusive")
        lines.append(f"| {step} | {cuts[49] * 1000:.0f} | {cuts[98] * 1000:.0f} | {max(seconds) * 1000:.0f} |")
    return "\n".join(lines)


def _command(environment: dict[str, str], *words: str) -> None:
    line = [sys.executable, "-m", "tertulia.project", *words]
    subprocess.run(line, env=os.environ | environment, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
