"""What a rehearsal says of its own use of a processor."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from tertulia.live.rehearsal import lag

pytestmark = pytest.mark.parser


@pytest.mark.parametrize(("seconds", "used", "share"), [(0.1, 0.1, 0.0), (0.99, 0.9, 0.0), (2.0, 1.8, 0.9)])
def test_of_too_short_a_time_no_share_is_told(
    monkeypatch: pytest.MonkeyPatch, seconds: float, used: float, share: float
) -> None:
    now = SimpleNamespace(wall=50.0, mine=7.0)
    monkeypatch.setattr(lag, "time", SimpleNamespace(monotonic=lambda: now.wall, process_time=lambda: now.mine))

    async def play() -> float:
        watch = lag.Watch()
        now.wall, now.mine = now.wall + seconds, now.mine + used
        return watch.taken()[1]

    assert asyncio.run(play()) == pytest.approx(share)
