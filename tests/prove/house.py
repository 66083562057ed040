"""`./run prove house`: on a bare machine the two commands of the README do all the set-up that they need."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.prove._bare_root import BareRoot, end, finish, lines
from tests.prove._steps import Outcome, Step, Unproved, are_known, prove

REPOSITORY = Path(__file__).resolve().parent.parent.parent
MINUTES_FOR_THE_DEMO = 10
MINUTES_FOR_THE_TESTS = 30


def main(chosen: list[str]) -> int:
    """Try everything, or what is `chosen` by name; 1 when it failed or cannot be tried here, 2 for an unknown name."""
    lacking = [name for name in ("debootstrap", "git", "unshare") if not shutil.which(name)]
    if os.geteuid() != 0 or lacking:
        print(f"prove house: needs root{''.join(f' and {name}' for name in lacking)}", file=sys.stderr)
        return 1
    # A proof that is told to stop takes its root along.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    if not are_known("house", PROOFS, chosen):
        return 2
    with BareRoot() as root:
        print("\n── a bare root, by debootstrap", flush=True)
        root.build()
        return prove("house", {name: _step(root, name, proof) for name, proof in PROOFS.items()}, chosen)


def _step(root: BareRoot, name: str, proof: Callable[[BareRoot], str]) -> Step:
    def step() -> Iterator[Outcome]:
        yield Outcome(name, True, proof(root))

    step.__doc__ = proof.__doc__
    return step


def greeting(root: BareRoot) -> str:
    """./run alone says what there is and installs nothing."""
    root.clone(REPOSITORY)
    said = finish(root.start("./run"), minutes=1)
    if not any("./run demo " in line for line in said) or (root.folder / "srv/tertulia/.venv").exists():
        raise Unproved("no greeting, or something was set up for it")
    return said[0]


def visitor(root: BareRoot) -> str:
    """Whoever may not install packages is told in one line what to install."""
    root.clone(REPOSITORY, owner="nobody")
    process = root.start("./run demo", user="nobody")
    said = list(lines(process, minutes=1))
    if process.wait() != 1 or len(said) != 1 or "python3-venv" not in said[0]:
        raise Unproved(f"exit code {process.returncode} and {len(said)} lines: {said[:3]}")
    return said[0]


def commands(root: BareRoot) -> str:
    """./run --help sets up what the program needs and lists its commands."""
    root.clone(REPOSITORY)
    said = finish(root.start("./run --help"), minutes=MINUTES_FOR_THE_DEMO)
    if not any(line.startswith("  prepare ") for line in said):
        raise Unproved("the commands are not listed")
    return "the commands are listed"


def demo(root: BareRoot) -> str:
    """./run demo on a fresh clone serves pages on this machine, and the second time within a minute."""
    root.clone(REPOSITORY)
    first = _demo(root, minutes=MINUTES_FOR_THE_DEMO)
    return f"{first}; the second time {_demo(root, minutes=1)}"


def _demo(root: BareRoot, *, minutes: int) -> str:
    port = _free_port()
    process = root.start(f"./run demo --port {port}")
    began = time.monotonic()
    try:
        for line in lines(process, minutes=minutes):
            if f"http://127.0.0.1:{port}" in line:
                answer = _answer(f"http://127.0.0.1:{port}/")
                return f"it answered {answer} after {time.monotonic() - began:.0f} s"
    finally:
        end(process)
    raise Unproved(f"it ended without an address, with exit code {process.returncode}")


def suite(root: BareRoot) -> str:
    """./run test on a fresh clone sets up browser, databases and packages, and the suite passes."""
    root.clone(REPOSITORY)
    return finish(root.start("./run test"), minutes=MINUTES_FOR_THE_TESTS)[-1]


PROOFS = {"greeting": greeting, "visitor": visitor, "commands": commands, "demo": demo, "test": suite}


def _answer(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=60) as response:  # noqa: S310 - our own server, on loopback
            return int(response.status)
    except OSError as fault:
        raise Unproved(f"{address} gave {fault}") from fault


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
