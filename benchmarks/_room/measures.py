"""What is read off an engine: how it opens lines, keeps a rate, bears a burst, what it weighs, how all come back."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks._processes import Spread
from benchmarks._room.clients import Clients, Listener, NotDelivered
from benchmarks._room.engines import ROOT, Engine, Running

# So many deliveries a second are the even load, whatever the number of listeners.
DELIVERIES_PER_SECOND = 25_000
# While all come back, somebody says something five times a second.
RATE_BESIDE = 5.0
REST_SECONDS = 2.0
Place = tuple[str, int]


@dataclass(frozen=True)
class Plan:
    """How much is tried: listeners, seconds of the even load, messages of a burst (0: the engine's), posts."""

    sizes: list[int]
    seconds: float
    burst: int
    posts: int
    deliveries_per_second: int = DELIVERIES_PER_SECOND


@dataclass
class Readings:
    """All that was read, by engine and number of listeners, and what could not be; no reading is left out."""

    all: dict[Place, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    faults: list[str] = field(default_factory=list)

    def note(self, engine: str, number: int, **readings: float) -> None:
        """Keep the `readings` of one run with so many listeners (or producers)."""
        for what, reading in readings.items():
            self.all[engine, number][what].append(reading)

    def spread(self, engine: str, number: int, what: str) -> Spread | None:
        """The spread of what was read; None where nothing was."""
        found = self.all.get((engine, number), {}).get(what)
        return Spread.of(found) if found else None

    def ratio(self, what: str, ours: Place, peer: Place) -> float | None:
        """The median of ours over that of a peer; None where one of them is missing."""
        mine, other = self.spread(*ours, what), self.spread(*peer, what)
        return mine.median / other.median if mine and other and other.median else None


@dataclass
class Trial:
    """One engine with so many listeners, run once: everything is read in one go, in this order."""

    engine: Engine
    number: int
    plan: Plan
    clients: Clients
    readings: Readings

    def run(self) -> None:
        """Start, warm, open the lines, load, weigh, cut all lines; NotDelivered when the books do not balance."""
        with self.engine.running() as running:
            self._warm(running)
            empty = running.memory()
            with self._listening(running) as listener:
                if self.engine.keeps_the_rate:
                    self._keep_the_rate(running, listener)
                self._burst(running, listener)
                self._weigh(running, empty)
                if self.engine.resumes and self.number == max(self.plan.sizes):
                    self._come_back(running, listener)

    def open_only(self) -> None:
        """Start it and open the lines, no more."""
        with self.engine.running() as running:
            self._warm(running)
            empty = running.memory()
            with self._listening(running):
                self._weigh(running, empty)

    def _warm(self, running: Running) -> None:
        """What is loaded with the first request is not what a listener costs."""
        with self.clients.listener(running.port, running.heads(10), self.engine.in_mark) as listener:
            listener.open(10)
            listener.expect(10)
            with self.clients.posting(running.port, running.posts(10), producers=1) as poster:
                poster.done()
            self._balanced(listener.wait())

    @contextmanager
    def _listening(self, running: Running) -> Iterator[Listener]:
        """All lines are open; how fast they were opened is read."""
        with self.clients.listener(running.port, running.heads(self.number), self.engine.in_mark) as listener:
            before = running.processor()
            seconds = listener.open(self.number)
            cost = (running.processor() - before) * 1e6 / self.number
            client = listener.processor / seconds
            self._note(connects=self.number / seconds, connect_cost=cost, connects_client=client)
            yield listener

    def _keep_the_rate(self, running: Running, listener: Listener) -> None:
        rate = self.plan.deliveries_per_second / self.number
        messages = max(2, round(rate * self.plan.seconds))
        listener.expect(messages)
        before = running.processor()
        with self.clients.posting(running.port, running.posts(messages), rate) as poster:
            told = self._balanced(listener.wait())
            poster.done()
        cost = (running.processor() - before) * 1e6 / told["deliveries"]
        self._note(cost=cost, p50=told["p50"], p99=told["p99"], last_p50=told["last_p50"], most=told["most"],
                   rate_client=told["processor"] / told["wall"])  # fmt: skip

    def _burst(self, running: Running, listener: Listener) -> None:
        messages = self.plan.burst or self.engine.burst
        listener.expect(messages)
        before = running.processor()
        with self.clients.posting(running.port, running.posts(messages)) as poster:
            told = self._balanced(listener.wait())
            poster.done()
        cost = (running.processor() - before) * 1e6 / told["deliveries"]
        client = told["processor"] / told["seconds"]
        self._note(burst=told["deliveries"] / told["seconds"], burst_cost=cost, burst_cuts=told["cuts"],
                   joined=told["deliveries"] / told["reads"], burst_client=client)  # fmt: skip

    def _weigh(self, running: Running, empty: float) -> None:
        time.sleep(REST_SECONDS)
        self._note(memory=(running.memory() - empty) * 1000 / self.number)

    def _come_back(self, running: Running, listener: Listener) -> None:
        """All lines are cut while somebody talks; nobody misses a word."""
        messages = max(10, round(RATE_BESIDE * self.plan.seconds))
        listener.expect(messages)
        with self.clients.posting(running.port, running.posts(messages), RATE_BESIDE) as poster:
            time.sleep(1)
            listener.cut()
            seconds = listener.back()
            poster.done()
            told = self._balanced(listener.wait())
        self._note(back=seconds, back_refused=listener.refused, back_client=listener.processor / seconds,
                   back_most=told["most"] / 1000)  # fmt: skip

    def _note(self, **readings: float) -> None:
        self.readings.note(self.engine.name, self.number, **readings)

    def _balanced(self, told: dict[str, float]) -> dict[str, float]:
        return balanced(f"{self.engine.name}, {self.number} listeners", told)


def balanced(words: str, told: dict[str, float]) -> dict[str, float]:
    """What the listeners have `told`, if each of them has heard each message once; else NotDelivered, with `words`."""
    if told["unbalanced"] or told["deliveries"] != told["expected"]:
        came = f"{told['deliveries']} of {told['expected']} deliveries came, {told['unbalanced']} listeners are short"
        raise NotDelivered(f"{words}: {came}")
    return told


def post_durably(engine: Engine, address: str, clients: Clients, plan: Plan, readings: Readings) -> None:
    """Posts a second on the store at `address`, straight, and over HTTP through `engine` with its own.

    Straight before and after, since a disk that others use may be another one a minute later.
    """
    _post_straight(engine, address, plan, readings)
    with engine.running() as running:
        with clients.posting(running.port, running.posts(plan.posts // 20), producers=1) as poster:
            alone = poster.done()
        before = running.processor()
        with clients.posting(running.port, running.posts(plan.posts)) as poster:
            told = poster.done()
        cost = (running.processor() - before) * 1e6 / told["posts"]
    readings.note(
        engine.name, 0, alone=alone["posts"] / alone["seconds"], http=told["posts"] / told["seconds"],
        p50=told["p50"], p99=told["p99"], post_cost=cost, posts_client=told["processor"] / told["seconds"],
    )  # fmt: skip
    _post_straight(engine, address, plan, readings)


def _post_straight(engine: Engine, address: str, plan: Plan, readings: Readings) -> None:
    line = [sys.executable, "-m", "benchmarks._room.durable", address, str(min(plan.seconds, 5.0))]
    done = subprocess.run(line, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    readings.note(engine.name, 0, **json.loads(done.stdout))
