"""Each process of a server is killed and started again while people write, one after the other, at random moments."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Mapping
from typing import Any

import psycopg

from tests.deploy import scenes
from tests.deploy.house import SERVICES, Apart
from tests.ground.nursery import until

KILLED = ("relay", "web", "worker", "postgresql")
# Nothing that PostgreSQL has said is on disk may be lost: what the other tests do without is needed here.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# A process dies at a random moment within so many seconds after so many messages were stored since the last death.
AT_WORK = 10
LONGEST_REST, LONGEST_ABSENCE = 0.5, 1.0
SECONDS_A_ROUND = 36


def books_over_kills(house: Apart, rounds: int, participants: int, rate: int) -> dict[str, Any]:
    """The figures of a rehearsal in which each process was killed `rounds` times."""
    minutes = rounds * SECONDS_A_ROUND / 60
    words = ["--participants", str(participants), "--countries", "20", "--minutes", str(minutes), "--rate", str(rate)]
    rehearsal = house.rehearsal(scenes.SLUG, *words)
    assert rehearsal.stderr
    while "they talk" not in (said := rehearsal.stderr.readline()):
        assert said
    killed = 0
    for _ in range(rounds):
        for name in random.sample(KILLED, len(KILLED)):
            _kill(house, name, rehearsal)
            killed += 1
    out, err = rehearsal.communicate(timeout=minutes * 60 + 240)
    assert out, err
    figures: dict[str, Any] = json.loads(out)
    return figures | {"killed": killed, "said": err}


def are_even(figures: Mapping[str, Any], participants: int) -> None:
    """Nothing acknowledged was lost or doubled on its way to anybody, or is missing in the store."""
    names = ("participants", "lost", "doubled", "out_of_order", "errors")
    assert [figures[name] for name in names] == [participants, 0, 0, 0, 0], figures
    assert figures["deliveries"] == figures["deliveries_expected"] > 0, figures
    assert figures["posts_acknowledged"] > figures["killed"] * AT_WORK, figures


def _kill(house: Apart, name: str, rehearsal: subprocess.Popen[str]) -> None:
    """One of them dies while people write, is away for a moment, and is started again; back when all is ready."""
    stored = _stored(house)
    until(lambda: _is_over(rehearsal) or _stored(house) >= stored + AT_WORK)
    time.sleep(random.uniform(0, LONGEST_REST))
    assert not _is_over(rehearsal), "the rehearsal was over before all had been killed"
    if name == "postgresql":
        house.cluster.die()
    else:
        house.kill(name)
    time.sleep(random.uniform(0, LONGEST_ABSENCE))
    if name == "postgresql":
        house.cluster.start()
    else:
        house.start(name)
    try:
        until(lambda: _is_back(house))
    except TimeoutError:
        ends = {name: process.poll() for name, process in house.processes.items()}
        logs = {name: text[-1500:] for name, text in house.said().items()}
        raise AssertionError(f"{name} was killed; {house.lacking()} is lacking, {ends}: {logs}") from None


def _is_back(house: Apart) -> bool:
    """Whether all is ready; a service that found no database when it began is begun again, as `Restart=always` does."""
    for name in SERVICES:
        if house.processes[name].poll() is not None:
            house.start(name)
    return house.lacking() == []


def _is_over(rehearsal: subprocess.Popen[str]) -> bool:
    return rehearsal.poll() is not None


def _stored(house: Apart) -> int:
    with psycopg.connect(house.environment["DATABASE_URL"]) as log:
        found = log.execute("SELECT coalesce(sum(last), 0) FROM rooms.room").fetchone()
    return int(found[0]) if found else 0
