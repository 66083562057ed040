"""Posts a second straight on the store, each in a commit of its own and 64 producers together; a process of its own."""

from __future__ import annotations

import itertools
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks._room.clients import PRODUCERS
from benchmarks._room.messages import texts
from tertulia.kit.sealing import KeyStore
from tertulia.live.relay.boxes import Boxes, key_name
from tertulia.live.relay.entries import Draft, draft_message
from tertulia.live.relay.store import open_log

ROOM = "straight"
PIECES = 5


def main(address: str, seconds: float) -> None:
    """Say how many a second the log at `address` takes in each way, each tried for so many `seconds`."""
    with tempfile.TemporaryDirectory() as folder:
        keys = KeyStore(Path(folder))
        keys.make(key_name(ROOM))
        boxes, log = Boxes(keys), open_log(address)
        drafts = (_draft(number) for number in itertools.count())

        def together(number: int) -> None:
            log.append([boxes.seal(next(drafts)) for _ in range(number)])

        together(1)
        # In turn, piece by piece: a disk has moods.
        pieces = [
            (_rate(together, 1, seconds / PIECES), _rate(together, PRODUCERS, seconds / PIECES)) for _ in range(PIECES)
        ]
        single, store = (statistics.median(rates) for rates in zip(*pieces, strict=True))
        print(json.dumps({"single": single, "store": store}))
        log.erase(ROOM)
        log.close()


def _draft(number: int) -> Draft:
    sent = {"id": f"message-{time.monotonic_ns()}", "text": texts(1)[0]}
    return draft_message(ROOM, f"{number % PRODUCERS:016x}", "Wren", sent)


def _rate(append: Callable[[int], None], at_once: int, seconds: float) -> float:
    count, began = 0, time.perf_counter()
    while time.perf_counter() < began + seconds:
        append(at_once)
        count += at_once
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
