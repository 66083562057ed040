"""A weak line on the way to a server: narrow, long and lossy, the same each time for the same seed.

It has TCP's manners: what is lost comes again after a while, and holds up what follows on its connection. A connection
begins with a round trip. Not imitated: slow start, and the acknowledgements, which take next to nothing of the line.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass

# Bytes of a segment, and of what IP and TCP put before each.
SEGMENT, HEADERS = 1400, 40


@dataclass(frozen=True)
class Quality:
    """How weak: bits a second, seconds there and back, the share that is lost, seconds until that is sent again."""

    bits: float = 64_000
    round_trip: float = 0.6
    loss: float = 0.05
    again: float = 0.9


class Way:
    """One direction of the line, shared by all connections; `carried` counts bytes with their headers.

    What first matches `swallows` never arrives, and nobody learns of it, as if a machine between had lost it.
    """

    def __init__(self, quality: Quality, seed: int) -> None:
        self.quality = quality
        self.carried = 0
        self.swallows: re.Pattern[bytes] | None = None
        self._chance = random.Random(seed)
        self._free = 0.0

    async def carry(self, size: int) -> float:
        """Wait for one's turn and put a segment on the line; when, on the loop's clock, it is there."""
        late = 0.0
        await self._put(size)
        while self._chance.random() < self.quality.loss:
            late += self.quality.again
            await self._put(size)
        return asyncio.get_running_loop().time() + self.quality.round_trip / 2 + late

    async def _put(self, size: int) -> None:
        now = asyncio.get_running_loop().time()
        self.carried += size + HEADERS
        self._free = max(now, self._free) + (size + HEADERS) * 8 / self.quality.bits
        await asyncio.sleep(self._free - now)


class WeakLine:
    """Listens on `port` and leads to the port `to`, both of this machine."""

    def __init__(self, to: int, quality: Quality, seed: int) -> None:
        self.to = to
        self.port = 0
        self._loop: asyncio.AbstractEventLoop
        self.quality = quality
        self.up, self.down = Way(quality, seed), Way(quality, seed + 1)
        self._open: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Where the server answers over this line."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def carried(self) -> int:
        """Bytes that went over the line so far, both ways."""
        return self.up.carried + self.down.carried

    def cut(self) -> None:
        """Break every connection that is open now; new ones are led as before."""
        self._loop.call_soon_threadsafe(lambda: [task.cancel() for task in self._open])

    async def serve(self, ready: threading.Event, over: asyncio.Event) -> None:
        """Until `over`."""
        self._loop = asyncio.get_running_loop()
        door = await asyncio.start_server(self._lead, "127.0.0.1", 0)
        self.port = door.sockets[0].getsockname()[1]
        ready.set()
        await over.wait()
        door.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _lead(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._open.add(task)
        to_far: asyncio.StreamWriter | None = None
        try:
            await asyncio.sleep(self.quality.round_trip)
            far, to_far = await asyncio.open_connection("127.0.0.1", self.to)
            await asyncio.gather(_pump(near, to_far, self.up), _pump(far, to_near, self.down))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            for end in (to_near, to_far):
                if end:
                    end.close()


async def _pump(source: asyncio.StreamReader, goal: asyncio.StreamWriter, way: Way) -> None:
    """Carry everything from `source` to `goal`, in order, until it ends."""
    flying: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    landing = asyncio.create_task(_land(flying, goal))
    try:
        there = 0.0
        while not landing.done():
            piece = await source.read(SEGMENT)
            if way.swallows and way.swallows.search(piece):
                piece, way.swallows = way.swallows.sub(b"", piece, 1), None
                if not piece:
                    continue
            there = max(there, await way.carry(len(piece)))
            flying.put_nowait((there, piece))
            if not piece:
                break
        await landing
    finally:
        landing.cancel()


async def _land(flying: asyncio.Queue[tuple[float, bytes]], goal: asyncio.StreamWriter) -> None:
    loop = asyncio.get_running_loop()
    while True:
        there, piece = await flying.get()
        await asyncio.sleep(there - loop.time())
        if not piece:
            with contextlib.suppress(OSError):
                goal.write_eof()
            return
        goal.write(piece)
        await goal.drain()


@contextlib.contextmanager
def weak_line(to: int, quality: Quality | None = None, seed: int = 1) -> Iterator[WeakLine]:
    """A line to the port `to`, in a thread of its own, until the end of the block."""
    line, ready, over = WeakLine(to, quality or Quality(), seed), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    def run() -> None:
        loop.run_until_complete(line.serve(ready, over))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    thread = threading.Thread(target=run, name="weak-line")
    thread.start()
    try:
        assert ready.wait(10)
        yield line
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
