"""A relay on a port of its own says how it is; on a shared port it leaves that to the pages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

import pytest

from tertulia.live.relay.connection import is_for_relay
from tertulia.live.relay.hub import Hub, lacking
from tertulia.live.relay.store.sqlite import SqliteLog
from tests.live.relay.stage import Response, Stage, get, perform, stage

pytestmark = [pytest.mark.network, pytest.mark.parser]


def asking(path: str, method: str = "GET") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: here\r\n\r\n".encode()


class Unreachable(SqliteLog):
    """A log whose disk is gone."""

    def read(self, room: str, after: int, limit: int) -> list[tuple[int, bytes]]:  # noqa: ARG002 - the interface
        raise OSError("somebody's words")


async def answer(place: Stage, *requests: bytes) -> Sequence[Response]:
    line = await place.line()
    line.send(*requests)
    return [await line.answer() for _ in requests]


def test_it_is_alive_and_ready_on_one_line_with_all_else(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            alive, ready, stream = await answer(place, asking("/healthz"), asking("/readyz"), get("one"))
            assert [one.status for one in (alive, ready, stream)] == [200, 200, 200]
            assert (alive.json, ready.json) == ({"alive": True}, {"ready": True, "lacking": []})
            assert (ready.headers["cache-control"], ready.headers.get("set-cookie")) == ("no-store", None)

    perform(play())


@pytest.mark.parametrize("request_", [asking("/healthz", "POST"), asking("/healthzz"), asking("/readyz/"), asking("/")])
def test_nothing_else_is_told(tmp_path: Path, request_: bytes) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            assert (await answer(place, request_))[0].status == 404

    perform(play())


def test_what_is_missing_is_named_here_and_over_the_hub(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        async with stage(tmp_path, Unreachable(tmp_path / "rooms.sqlite3")) as place:
            hub = Hub(place.relay, tmp_path / "hub.sock")
            await hub.start()
            place.keys.folder.rename(tmp_path / "elsewhere")
            [ready] = await answer(place, asking("/readyz"))
            assert (ready.status, ready.json) == (503, {"ready": False, "lacking": ["keys", "log"]})
            assert await asyncio.to_thread(lacking, hub.path) == ["keys", "log"]
            place.relay.closing = True
            assert await asyncio.to_thread(lacking, hub.path) == ["keys", "log", "closing"]
            await hub.stop()
            assert await asyncio.to_thread(lacking, hub.path) == ["relay"]

    with caplog.at_level(logging.WARNING):
        perform(play())
    assert set(caplog.messages) == {"the room log did not answer: OSError"}


def test_on_a_shared_port_the_pages_are_asked() -> None:
    assert [is_for_relay(asking(path)) for path in ("/healthz", "/readyz", "/stream/one")] == [False, False, True]
