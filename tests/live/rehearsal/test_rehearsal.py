"""A rehearsal through a server that is no burden: its people are real processes, and its books notice every fault."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tertulia.live.rehearsal.books import Balance, balance
from tertulia.live.rehearsal.findings import doubts
from tertulia.live.rehearsal.plan import Plan
from tertulia.live.rehearsal.processes import CrowdLost, crowds
from tertulia.live.rehearsal.rehearsal import Rehearsed, rehearse
from tests.live.rehearsal.bare import Bare, is_done, served

pytestmark = pytest.mark.network

PLAN = Plan("bare", "127.0.0.1", 0, participants=6, countries=3, seconds=2, rate=10, steps=(6,))


def rehearsed(bare: Bare, plan: Plan = PLAN) -> tuple[Rehearsed, list[str]]:
    said: list[str] = []

    async def go() -> Rehearsed:
        async with served(bare) as port:
            return await rehearse(replace(plan, port=port), said.append)

    return asyncio.run(go()), said


def test_everybody_hears_everything_in_several_processes_and_steps() -> None:
    bare, plan = Bare(), replace(PLAN, participants=9, steps=(3, 9), processes=2)

    found, said = rehearsed(bare, plan)

    assert balance(found.books, bare.log) == Balance(20, 9 * 20, 9 * 20, 0, 0, 0)
    assert found.books.errors == []
    assert [step.people for step in found.steps] == [3, 9]
    assert [step.arriving.joins.total for step in found.steps] == [2, 6]
    assert said == [
        "2 people are coming in, to be 3",
        "3 are in; they talk for 1 seconds",
        "waiting until everybody has heard everything",
        "6 people are coming in, to be 9",
        "9 are in; they talk for 1 seconds",
        "waiting until everybody has heard everything",
    ]


def test_whose_stream_is_ended_by_a_server_in_front_returns_though_the_line_stays() -> None:
    bare = Bare(falls_after=5)

    found, _ = rehearsed(bare)

    assert balance(found.books, bare.log) == Balance(20, 6 * 20, 6 * 20, 0, 0, 0)
    assert found.books.errors == []


def test_countries_and_zones_are_chosen_from_all_over_the_list() -> None:
    bare = Bare()

    rehearsed(bare)

    chosen = {name: sorted(fields[name] for _, fields in bare.sent if name in fields) for name in ("country", "zone")}
    assert chosen["country"] == ["C0", "C0", "C3", "C3", "C6", "C6"]
    assert chosen["zone"] == ["Asia%2FBeirut"] * 3 + ["Europe%2FMadrid"] * 3


@pytest.mark.parametrize(
    ("what", "spoilt", "counts"),
    [
        ("lost", b"", (1, 0, 0)),
        ("doubled", b"%(frame)s%(frame)s", (0, 1, 0)),
        ("another message", b'id: e-%(sequence)d\ndata: {"text": "another"}\n\n', (1, 0, 0)),
    ],
)
def test_what_one_listener_is_done_is_noticed(what: str, spoilt: bytes, counts: tuple[int, int, int]) -> None:
    def spoil(listener: int, sequence: int, frame: bytes) -> bytes:
        return spoilt % {b"frame": frame, b"sequence": sequence} if (listener, sequence) == (1, 1) else frame

    bare = Bare(spoil)

    # Of two nobody drops off, else the place of a listener would be another one's.
    even = balance(rehearsed(bare, replace(PLAN, participants=2, steps=(2,)))[0].books, bare.log)

    assert (what, (even.lost, even.doubled, even.out_of_order)) == (what, counts)


def test_who_is_asked_for_work_does_it_and_who_has_no_scripts_waits() -> None:
    bare, plan = Bare(asks=50), replace(PLAN, participants=50, steps=(50,), seconds=0.1)

    found, _ = rehearsed(bare, plan)

    answers = [fields["done"] for path, fields in bare.sent if path.endswith("/join/") and "done" in fields]
    # The first one came in before anything was measured.
    assert (found.steps[0].arriving.worked, found.steps[0].arriving.waited) == (48, 1)
    assert sorted(map(is_done, filter(None, answers))) == [True] * 49
    assert len(answers) == 50
    # The second that one of them waited is not held against the server.
    assert found.steps[0].arriving.joins.percentile(1) < 1000


def test_a_process_that_ends_early_is_told() -> None:
    async def go() -> None:
        async with crowds(PLAN) as people:
            people.processes[0].kill()
            await people.ask("settle", last=0)

    with pytest.raises(CrowdLost, match="a process of the rehearsal"):
        asyncio.run(go())


def test_a_rehearsal_that_is_late_itself_says_so() -> None:
    bare = Bare()

    found, _ = rehearsed(bare)
    assert [doubt for doubt in doubts(found) if "used" in doubt] == []
    for _ in range(100):
        found.steps[0].talking.lag.add(0.2)

    assert "with 6 people talking, its own delay was 200 of" in doubts(found)[-1]
