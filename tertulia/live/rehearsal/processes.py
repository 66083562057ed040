"""The processes in which the people of a rehearsal are, seen from the one that leads it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from typing import Any

from tertulia.live.rehearsal.plan import Plan

# One line holds the books of a process.
LINE_BYTES = 1 << 30


class CrowdLost(Exception):  # noqa: N818 - it describes the crowd
    """A process of the rehearsal ended before it was told to."""


@dataclass
class Crowds:
    """All of them; what is asked is asked of each, at the same moment."""

    processes: list[Process]
    present: list[int]

    async def ask(self, what: str, progress: Callable[[int], None] | None = None, **given: Any) -> list[dict[str, Any]]:
        """What each answers to an order; `progress` hears how many people are in. CrowdLost."""
        places = range(len(self.processes))
        return await asyncio.gather(*(self._ask(place, [what, given], progress) for place in places))

    async def _ask(self, place: int, order: object, progress: Callable[[int], None] | None) -> dict[str, Any]:
        process = self.processes[place]
        assert process.stdout  # noqa: S101 - tells the type checker
        try:
            await _write(process, order)
            while line := await process.stdout.readline():
                kind, told = json.loads(line)
                if kind == "done":
                    return dict(told)
                self.present[place] = told
                if progress:
                    progress(sum(self.present))
        except OSError as fault:
            raise CrowdLost("a process of the rehearsal does not listen any more") from fault
        raise CrowdLost("a process of the rehearsal has ended, with some of the people in it")


@contextlib.asynccontextmanager
async def crowds(plan: Plan) -> AsyncIterator[Crowds]:
    """The processes that the plan wants; they end with the block."""
    processes: list[Process] = []
    try:
        for place in range(plan.processes):
            line = [sys.executable, "-m", "tertulia.live.rehearsal.crowd"]
            # In a session of its own: what stops this process from a terminal is not for it.
            process = await asyncio.create_subprocess_exec(
                *line, stdin=PIPE, stdout=PIPE, limit=LINE_BYTES, start_new_session=True
            )
            processes.append(process)
            await _write(process, {"plan": asdict(plan), "place": place})
        yield Crowds(processes, [0] * plan.processes)
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
        await asyncio.gather(*(process.wait() for process in processes))


async def _write(process: Process, what: object) -> None:
    assert process.stdin  # noqa: S101 - tells the type checker
    process.stdin.write(json.dumps(what).encode() + b"\n")
    await process.stdin.drain()
