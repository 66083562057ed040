"""`./run bench room`: the live room beside nchan and Django Channels with Redis, loaded by clients written in C."""

from __future__ import annotations

import argparse
import functools
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks._room import engines
from benchmarks._room.clients import Clients, NotDelivered
from benchmarks._room.engines import Engine
from benchmarks._room.measures import Plan, Readings, Trial, post_durably
from benchmarks._room.peers import channels_python, machine, missing, postgres
from benchmarks._room.telling import APART, CHANNELS, NCHAN, OURS, as_json, holds, section

BUILD = engines.ROOT / "build" / "bench"
WORDS = {"serve": OURS, "relay": APART, "nchan": NCHAN, "channels": CHANNELS}
IN = "event: present"
FULL = Plan(sizes=[1000, 5000, 10_000], seconds=10.0, burst=0, posts=20_000)
SHORT = Plan(sizes=[200], seconds=2.0, burst=20, posts=1000, deliveries_per_second=5000)


@dataclass(frozen=True)
class Field:
    """All engines that take part, by their word, and where the logs of ours lie."""

    engines: dict[str, Engine]
    logs: dict[str, str]

    def rounds(self, plan: Plan, clients: Clients, readings: Readings) -> Iterator[tuple[str, Callable[[], None]]]:
        """What one round consists of, with words for it: all sizes, the engines in turn; then the durable posts."""
        for number in plan.sizes:
            for word, engine in self.engines.items():
                trial = Trial(engine, number, plan, clients, readings)
                yield f"{engine.name}, {number} listeners", trial.open_only if word == "relay" else trial.run
        for word in self.logs:
            post = functools.partial(post_durably, self.engines[word], self.logs[word], clients, plan, readings)
            yield f"{self.engines[word].name}, posts", post


def main() -> int:
    """Measure all in turn; 1 when a run failed, or a figure falls short (but in the short form, which says little)."""
    options = _options()
    plan, rounds = _plan(options), 1 if options.short else options.rounds
    readings, before, day = Readings(), os.getloadavg(), datetime.now(UTC).date()
    BUILD.mkdir(parents=True, exist_ok=True)
    with _field(options.engines) as (field, clients, folder):
        about = f"{machine(folder)}\n{rounds} rounds, in turn; median (least to most)."
        for turn in range(rounds):
            for words, measure in field.rounds(plan, clients, readings):
                _try(f"round {turn + 1} of {rounds}: {words}", measure, readings)
    kept = holds(readings, plan.sizes)
    about += f" Load of the machine (1 min) {before[0]:.1f} before and {os.getloadavg()[0]:.1f} after."
    command = " ".join(["./run bench room", *sys.argv[1:]])
    if options.json:
        print(json.dumps(as_json(readings, kept, day=str(day), command=command, about=about), indent=2))
    else:
        print(section(f"{day} · `{command}`", about, readings, plan, kept))
    return 0 if not readings.faults and (options.short or all(hold.holds() for hold in kept)) else 1


def _try(words: str, measure: Callable[[], None], readings: Readings) -> None:
    """One engine that fails is told of, and does not take the readings of the others with it."""
    print(words, file=sys.stderr, flush=True)
    try:
        measure()
    except (NotDelivered, RuntimeError, subprocess.CalledProcessError) as fault:
        print(f"{words}: {fault}", file=sys.stderr, flush=True)
        readings.faults.append(f"{words}: {fault}.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench room", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (default: 3)")
    parser.add_argument("--sizes", help="numbers of listeners, with commas between (default: 1000,5000,10000)")
    parser.add_argument("--seconds", type=float, help="how long the even load lasts (default: 10)")
    parser.add_argument("--burst", type=int, help="messages in a burst (default: 200; Channels: 20)")
    parser.add_argument("--engines", default=",".join(WORDS), help=f"of {', '.join(WORDS)} (default: all)")
    parser.add_argument("--short", action="store_true", help="one small round, to see that all of it works")
    parser.add_argument("--json", action="store_true", help="every reading, for a program")
    return parser.parse_args()


def _plan(options: argparse.Namespace) -> Plan:
    plan = SHORT if options.short else FULL
    sizes = [int(size) for size in options.sizes.split(",")] if options.sizes else plan.sizes
    seconds, burst = options.seconds or plan.seconds, options.burst or plan.burst
    return Plan(sizes, seconds, burst, plan.posts, plan.deliveries_per_second)


@contextmanager
def _field(words: str) -> Iterator[tuple[Field, Clients, Path]]:
    """The engines that are asked for, ready to be started; what the machine lacks for them is said, and stops it."""
    chosen = words.split(",")
    lacks = {engine: packages for engine, packages in missing().items() if engine in ("", *chosen)}
    if lacks or not set(chosen) <= set(WORDS):
        needed = " ".join(itertools.chain(*lacks.values()))
        sys.exit(f"please install {needed} first (apt-get)" if lacks else f"name some of: {', '.join(WORDS)}")
    with tempfile.TemporaryDirectory(dir=BUILD) as place, ExitStack() as running:
        folder = Path(place)
        logs = {"serve": f"sqlite:///{folder / 'straight.sqlite3'}"} if "serve" in chosen else {}
        if "relay" in chosen:
            logs["relay"] = running.enter_context(postgres())
        python = channels_python(BUILD) if "channels" in chosen else Path()
        made = _engines(folder, logs.get("relay", ""), python)
        yield Field({word: made[word] for word in chosen}, logs), Clients.built(folder), folder


def _engines(folder: Path, database: str, python: Path) -> dict[str, Engine]:
    return {
        "serve": Engine(OURS, lambda: engines.house(folder / "serve", "serve"), in_mark=IN),
        "relay": Engine(APART, lambda: engines.house(folder / "relay", "relay", database), in_mark=IN),
        "nchan": Engine(NCHAN, lambda: engines.nchan(folder / "nchan")),
        "channels": Engine(
            CHANNELS,
            lambda: engines.channels(folder / "channels", python),
            burst=20,
            keeps_the_rate=False,
            resumes=False,
        ),
    }


if __name__ == "__main__":
    sys.exit(main())
