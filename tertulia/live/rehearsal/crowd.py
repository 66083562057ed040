"""A part of the people, in a process of its own (`python -m …crowd`) that is told what to do line by line.

A line on standard input is `[what, {with}]`; on standard output each is answered by `["done", {…}]`, with
`["progress", how many]` before it. It ends with its input.
"""

from __future__ import annotations

import asyncio
import json
import random
import signal
import ssl
import sys
import time
from collections.abc import Awaitable
from typing import Any

import uvloop

from tertulia.live.rehearsal.books import Books, Ears, told_by
from tertulia.live.rehearsal.frames import Reader
from tertulia.live.rehearsal.lag import Watch
from tertulia.live.rehearsal.listener import Hearing
from tertulia.live.rehearsal.measures import Measures
from tertulia.live.rehearsal.participant import Company, GaveUp, Participant
from tertulia.live.rehearsal.plan import Plan
from tertulia.live.rehearsal.timings import Timings

# At the door at the same moment, in all processes: one of so many that are to be there, but not fewer than that.
ONE_AT_THE_DOOR_OF, FEWEST_AT_THE_DOOR = 100, 16
# The share of participants that lose their line in each step, and for how long at most.
DROP_SHARE = 0.2
DROP_SECONDS = 3.0
# Each looks at the programme again so often while they talk, on average.
LOOKS_EVERY_SECONDS = 300
SETTLE_SECONDS = 60
PROGRESS_SECONDS = 1.0
LINE_BYTES = 1 << 20


class Crowd:
    """Participants number `place`, `place` + `plan.processes` and so on."""

    def __init__(self, plan: Plan, place: int) -> None:
        self.plan = plan
        self.place = place
        self.books = Books()
        self.ears = Ears()
        self.present: list[Participant] = []
        self.watch = Watch()
        hearing = Hearing(Reader(self.ears.said), self.books.errors)
        source = f"127.0.0.{place + 1}" if plan.host.startswith("127.") and place else ""
        tls = ssl.create_default_context(cafile=plan.ca or None) if plan.https else None
        self.company = Company(plan, self.books, hearing, Measures(), source, tls)

    async def come_in(self, begin: int, until: int) -> dict[str, Any]:
        """Those of number `begin` to `until` come in, some at a time."""
        at_once = max(FEWEST_AT_THE_DOOR, until // ONE_AT_THE_DOOR_OF) // self.plan.processes
        door = asyncio.Semaphore(max(1, at_once))
        ours = [number for number in range(begin, until) if number % self.plan.processes == self.place]
        await asyncio.gather(*(self._enter(number + 1, door) for number in ours))
        return self._measured()

    async def talk(self, start: float, seconds: float, messages: tuple[int, int]) -> dict[str, Any]:
        """Messages number so many to so many leave at an even pace from `start` on, acknowledged or not."""
        if self.present:
            await asyncio.gather(self._speak(start, seconds, *messages), self._drop_off(seconds), self._look(seconds))
        return self._measured() | {"last": max(self.books.acknowledged.values(), default=0)}

    async def settle(self, last: int) -> dict[str, Any]:
        """Wait until everybody has heard the entry `last`, or a minute has passed."""
        until = time.monotonic() + SETTLE_SECONDS
        books = [one.listener.heard for one in self.present if one.listener]
        while time.monotonic() < until:
            books = [heard for heard in books if not heard.has_heard(last)]
            if not books:
                break
            await asyncio.sleep(0.1)
        return self._measured()

    async def leave(self) -> dict[str, Any]:
        """Everybody goes home; the books of this process."""
        for one in self.present:
            if one.listener:
                self.ears.heard[one.listener.heard.entered()] += 1
            await one.leave()
        return told_by(self.books, self.ears)

    async def _enter(self, number: int, door: asyncio.Semaphore) -> None:
        async with door:
            one = Participant(number, self.company)
            try:
                await one.come_in()
            except (GaveUp, LookupError, TimeoutError) as fault:
                self.books.errors.append(f"{one.name} could not come in: {fault}")
                await one.leave()
            else:
                self.present.append(one)

    async def _speak(self, start: float, seconds: float, begin: int, until: int) -> None:
        speeches: set[asyncio.Task[None]] = set()
        for number in range(begin + self.place, until, self.plan.processes):
            due = start + seconds * (number - begin) / (until - begin)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            speech = asyncio.create_task(self._say(random.choice(self.present), number))  # noqa: S311 - anybody
            speeches.add(speech)
            speech.add_done_callback(speeches.discard)
        if speeches:
            await asyncio.wait(speeches)

    async def _say(self, one: Participant, number: int) -> None:
        try:
            await one.say(number)
        except GaveUp as fault:
            self.books.errors.append(f"{one.name} was not heard: {fault}")

    async def _drop_off(self, seconds: float) -> None:
        async def drop(one: Participant) -> None:
            await asyncio.sleep(random.uniform(0, seconds * 0.8))  # noqa: S311 - any moment
            await one.drop_off(random.uniform(0.1, DROP_SECONDS))  # noqa: S311

        unlucky = random.sample(self.present, k=round(len(self.present) * DROP_SHARE))
        await asyncio.gather(*map(drop, unlucky))

    async def _look(self, seconds: float) -> None:
        """Now and then somebody opens the programme; who still waits for it does not ask again."""

        async def look(one: Participant, moment: float) -> None:
            await asyncio.sleep(moment)
            try:
                await one.look_at_programme()
            except GaveUp as fault:
                self.books.errors.append(f"{one.name} could not see the programme: {fault}")
            await one.browser.hang_up()

        looks = round(len(self.present) * seconds / LOOKS_EVERY_SECONDS)
        curious = random.sample(self.present, k=min(looks, len(self.present)))
        await asyncio.gather(*(look(one, random.uniform(0, seconds)) for one in curious))  # noqa: S311

    def _measured(self) -> dict[str, Any]:
        """What was measured since the last time."""
        company = self.company
        measures, company.measures = company.measures, Measures()
        measures.deliveries, company.hearing.deliveries = company.hearing.deliveries, Timings()
        measures.lag, measures.processor = self.watch.taken()
        return {"measures": measures.told()}


async def serve() -> None:
    """Do what standard input says until it ends."""
    loop, orders = asyncio.get_running_loop(), asyncio.StreamReader(limit=LINE_BYTES)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    first = json.loads(await orders.readline())
    crowd = Crowd(Plan(**first["plan"] | {"steps": tuple(first["plan"]["steps"])}), first["place"])
    while line := await orders.readline():
        what, given = json.loads(line)
        _tell("done", await _with_progress(crowd, getattr(crowd, what)(**given)))


async def _with_progress(crowd: Crowd, work: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    task = asyncio.ensure_future(work)
    while not (await asyncio.wait({task}, timeout=PROGRESS_SECONDS))[0]:
        _tell("progress", len(crowd.present))
    return task.result()


def _tell(kind: str, what: object) -> None:
    print(json.dumps([kind, what]), flush=True)


if __name__ == "__main__":
    # Who started it is told to stop, and ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    uvloop.run(serve())
