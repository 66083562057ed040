"""The piece of work that the page asks of a device while very many come in, done as the page's script does it."""

from __future__ import annotations

import asyncio
import hashlib

HASH_BITS = 256
SLICE = 2000  # hashes between two looks at what else there is to do


async def work(seed: str, pieces: int, bits: int) -> str:
    """Counters for each of so many `pieces` whose hash begins with so many zero `bits`; `seed` is 64 hex digits."""
    own = bytes.fromhex(seed)
    return ".".join([str(await _counter(own + place.to_bytes(4), bits)) for place in range(pieces)])


async def _counter(own: bytes, bits: int) -> int:
    limit = (1 << (HASH_BITS - bits)).to_bytes(HASH_BITS // 8)
    start, begun = 0, hashlib.sha256(own)
    while True:
        for counter in range(start, start + SLICE):
            attempt = begun.copy()
            attempt.update(counter.to_bytes(4))
            if attempt.digest() < limit:
                return counter
        start += SLICE
        await asyncio.sleep(0)
