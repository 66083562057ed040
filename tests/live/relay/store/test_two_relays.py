"""Two relays, as on two hosts, on one log in PostgreSQL: whoever listens at one hears what is said at the other."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from django.db import connection

from tertulia.live.relay.control import Control
from tertulia.live.relay.store import open_log
from tests.live.relay.stage import Line, Stage, draft, get, perform, stage, ticket
from tests.live.relay.store.test_postgres import end_all_connections

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="several relays run on PostgreSQL only"),
]
# `./run prove room two` says more, and cuts the line of notices more often.
SAID, CUTS = (int(os.environ.get(name, usual)) for name, usual in (("TERTULIA_SAID", "40"), ("TERTULIA_CUTS", "1")))


@contextlib.asynccontextmanager
async def two(folder: Path, address: str) -> AsyncIterator[tuple[Stage, Stage]]:
    async with stage(folder, open_log(address)) as here, stage(folder, open_log(address)) as there:
        yield here, there


def only_postgresql(address: str) -> None:
    if address.startswith("sqlite"):
        pytest.skip("one relay has a file to itself")


def test_what_is_said_at_one_is_heard_at_both_once_and_in_order(tmp_path: Path, address: str) -> None:
    only_postgresql(address)

    async def play() -> None:
        async with two(tmp_path, address) as (here, there):
            ears = [await here.listener(), await there.listener()]
            await asyncio.gather(*(place.relay.say(draft(f"{n}")) for n in range(SAID // 2) for place in (here, there)))
            heard = [await ear.events_until(SAID) for ear in ears]
            assert heard[0] == heard[1]
            assert [event.id for event in heard[0]] == [await here.position(n) for n in range(1, SAID + 1)]

    perform(play())


def test_nothing_is_missed_while_the_line_of_notices_is_cut(tmp_path: Path, address: str) -> None:
    only_postgresql(address)

    async def play() -> None:
        async with two(tmp_path, address) as (here, there):
            ear = await there.listener()
            for cut in range(CUTS):
                await here.relay.say(draft("before"))
                assert len(await ear.events_until(2 * cut + 1)) == 1
                await asyncio.to_thread(end_all_connections, address)
                await here.relay.say(draft("while nobody was told"))
                assert [event.text for event in await ear.events_until(2 * cut + 2)] == ["while nobody was told"]

    perform(play())


def test_who_is_banned_or_sent_away_at_one_is_out_at_the_other(tmp_path: Path, address: str) -> None:
    only_postgresql(address)

    async def play() -> None:
        async with two(tmp_path, address) as (here, there):
            banned, away = await ear(there, "a1"), await ear(there, "a2")
            await here.relay.command("one", 1, Control(banned={"a1": 2.0**40}))
            assert await banned.event() is None
            await here.relay.send_away(["a2"])
            assert await away.has_closed()
            line = await there.line()
            line.send(get(cookie=ticket(author="a1")))
            assert (await line.answer()).status == 401

    async def ear(place: Stage, author: str) -> Line:
        line = await place.line()
        line.send(get(cookie=ticket(author=author)))
        assert (await line.answer()).status == 200
        while (event := await line.event()) and event.kind != "present":
            pass
        return line

    perform(play())
