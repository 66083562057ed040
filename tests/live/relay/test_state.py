"""Whatever happens to messages, who listens sees what a fresh look shows, and nothing that was taken back is kept."""

from __future__ import annotations

import asyncio
import json
import os
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tertulia.live.queries import Message
from tertulia.live.relay.boxes import held_name
from tertulia.live.relay.changes import Change, NoSuchMessage, drafted
from tertulia.live.relay.control import Control, Refusal
from tertulia.live.relay.speaking import Said, Speaker, carry_out, decide, receive
from tests.live.folding import folded_talk
from tests.live.relay.stage import Line, Stage, forget_ring, new_id, perform, stage

pytestmark = [pytest.mark.network, pytest.mark.parser]

# `./run prove room state` plays more evenings.
EVENINGS = int(os.environ.get("TERTULIA_EVENINGS", "4"))
NADI, NOOR = Speaker("a1", "Nadi"), Speaker("a2", "Noor")


async def says(place: Stage, who: Speaker, text: str, **more: Any) -> Said:
    return await receive(place.relay, await place.relay.room("one"), who, {"id": new_id(), "text": text, **more})


async def bodies(place: Stage, name: str = "one", after: int = 0) -> list[dict[str, Any]]:
    """Everything in a log, as it stands there now."""
    rows = await asyncio.to_thread(place.relay._store.read, name, after, 10_000)
    return [json.loads(place.relay.boxes.open(name, *row).body) | {"sequence": row[0]} for row in rows]


async def hear(line: Line, last: int) -> list[dict[str, Any]]:
    """The bodies that a stream brings, until the one with that sequence."""
    heard: list[dict[str, Any]] = []
    while not heard or heard[-1]["sequence"] < last:
        block = (await asyncio.wait_for(line.reader.readuntil(b"\n\n"), 20)).decode()
        if block.startswith("id: "):
            place, text = block.strip().split("\n")
            heard.append(json.loads(text[6:]) | {"sequence": int(place.rpartition("-")[2])})
    return heard


def seen(rows: list[dict[str, Any]]) -> list[Message]:
    """What a fresh look shows."""
    return folded_talk(row for row in rows if row["kind"] in {"said", "gone"})


@dataclass
class Evening:
    """What happens in a room in one evening, by chance."""

    place: Stage
    chance: random.Random
    theirs: list[tuple[int, Speaker]] = field(default_factory=list)
    version: int = 0

    async def goes_on(self) -> None:
        happening = self.chance.choice(
            [self.said] * 5 + [self.edited] * 3 + [self.taken_back, self.put_out, self.ruled]
        )
        await happening()

    async def said(self) -> None:
        who = self.chance.choice([NADI, NOOR])
        reply = {"reply": self.chance.choice(self.theirs)[0]} if self.theirs and self.chance.random() < 0.3 else {}
        self.place.relay.flood._buckets.clear()
        self.theirs.append(((await says(self.place, who, f"words {new_id()}", **reply)).sequence, who))

    async def edited(self) -> None:
        for sequence, who in self.theirs and [self.chance.choice(self.theirs)]:
            self.place.relay.flood._buckets.clear()
            await says(self.place, who, f"other words {new_id()}", edit=sequence)

    async def taken_back(self) -> None:
        for sequence, who in self.theirs and [self.theirs.pop(self.chance.randrange(len(self.theirs)))]:
            self.place.relay.flood._buckets.clear()
            await receive(
                self.place.relay, await self.place.relay.room("one"), who, {"id": new_id(), "remove": sequence}
            )

    async def put_out(self) -> None:
        for sequence, _who in self.theirs and [self.theirs.pop(self.chance.randrange(len(self.theirs)))]:
            await carry_out(self.place.relay, Change("one", "", new_id(), sequence, None))

    async def ruled(self) -> None:
        self.version += 1
        await self.place.relay.command("one", self.version, Control(hold=False, newcomers=0, slow=0, is_open=True))


@pytest.mark.parametrize("seed", range(EVENINGS))
def test_who_listens_from_anywhere_sees_what_a_fresh_look_shows(tmp_path: Path, seed: int) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            evening = Evening(place, random.Random(seed))
            listeners = [(await place.listener(), 0, list[Message]())]
            for turn in range(120):
                await evening.goes_on()
                if turn % 20 == 0:
                    room = await place.relay.room("one")
                    listeners.append((await place.listener(), room.last, seen(await bodies(place))))
            last = (await place.relay.room("one")).last
            fresh = seen(await bodies(place))
            for line, after, before in listeners:
                if after < last:
                    assert folded_talk(await hear(line, last), before) == fresh
            for ring in ("kept", "forgotten"):
                for after in (0, last // 3, last - 3):
                    if ring == "forgotten":
                        await forget_ring(place)
                    line = await place.stream(after=await place.position(after))
                    before = [message for message in fresh if message.sequence <= after]
                    assert folded_talk(await hear(line, last), before) == fresh

    perform(play())


def test_of_what_was_taken_back_no_word_is_kept(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            said = await says(place, NADI, "first words")
            await says(place, NADI, "second words", edit=said.sequence)
            await says(place, NADI, "third words", edit=said.sequence)
            assert [row.get("text") for row in await bodies(place)] == ["third words", None, "third words"]
            await receive(place.relay, await place.relay.room("one"), NADI, {"id": new_id(), "remove": said.sequence})
            assert await bodies(place) == [
                {"kind": "gone", "by": "author", "sequence": 1},
                {"kind": "edited", "of": 1, "sequence": 2},
                {"kind": "edited", "of": 1, "sequence": 3},
                {"kind": "removed", "of": 1, "by": "author", "sequence": 4},
            ]
            line = await place.stream(after=await place.position(0))
            assert await hear(line, 4) == await bodies(place)

    perform(play())


def test_others_cannot_change_it_and_nobody_what_is_gone(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            said = await says(place, NADI, "mine")
            for sent in ({"edit": said.sequence, "text": "x"}, {"remove": said.sequence}, {"edit": 99, "text": "x"}):
                with pytest.raises(NoSuchMessage):
                    await receive(place.relay, await place.relay.room("one"), NOOR, {"id": new_id(), **sent})
            await carry_out(place.relay, Change("one", "", new_id(), said.sequence, None))
            with pytest.raises(NoSuchMessage):
                await says(place, NADI, "mine again", edit=said.sequence)
            again = await receive(
                place.relay, await place.relay.room("one"), NADI, {"id": new_id(), "remove": said.sequence}
            )
            assert again == Said((await place.relay.room("one")).last)
            assert [row["kind"] for row in await bodies(place)] == ["gone", "removed"]

    perform(play())


def test_an_edit_that_comes_after_the_end_in_one_commit_brings_nothing_back(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            said = await says(place, NADI, "words")
            entry = await place.relay.entry("one", said.sequence)
            remove = drafted(Change("one", "a1", new_id(), said.sequence, None), entry)
            edit = drafted(Change("one", "a1", new_id(), said.sequence, "back again"), entry)
            assert remove
            assert edit
            ends = await asyncio.gather(place.relay.say(remove), place.relay.say(edit), return_exceptions=True)
            assert [type(end) for end in ends] == [int, NoSuchMessage]
            assert [row["kind"] for row in await bodies(place)] == ["gone", "removed"]

    perform(play())


def test_a_second_try_of_an_edit_changes_nothing(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            said = await says(place, NADI, "words")
            sent = {"id": new_id(), "edit": said.sequence, "text": "better words"}
            first = await receive(place.relay, await place.relay.room("one"), NADI, sent)
            await says(place, NADI, "the best words", edit=said.sequence)
            assert await receive(place.relay, await place.relay.room("one"), NADI, sent) == first
            assert (await bodies(place))[0]["text"] == "the best words"

    perform(play())


def test_what_is_held_is_heard_when_a_moderator_approves_and_never_when_not(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            await place.relay.command("one", 1, Control(hold=True))
            yes, no = await says(place, NADI, "yes?"), await says(place, NOOR, "no?")
            assert (yes, no) == (Said(1, is_held=True), Said(2, is_held=True))
            assert [row["kind"] for row in await bodies(place)] == ["rules"]
            assert await decide(place.relay, "one", 1, approve=True) == 2
            assert await decide(place.relay, "one", 2, approve=False) == 0
            for held in (1, 2, 9):
                with pytest.raises(NoSuchMessage):
                    await decide(place.relay, "one", held, approve=True)
            assert [row.get("text") for row in await bodies(place)] == [None, "yes?"]
            assert "yes?" not in str(await bodies(place, held_name("one")))
            assert "no?" not in str(await bodies(place, held_name("one")))

    perform(play())


def test_while_a_moderator_reads_first_nothing_that_stands_is_edited(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            said = await says(place, NADI, "as it was approved")
            await place.relay.command("one", 1, Control(hold=True))
            with pytest.raises(Refusal) as refusal:
                await says(place, NADI, "as nobody has read it", edit=said.sequence)
            assert refusal.value.reason == "hold"
            assert (await bodies(place))[0]["text"] == "as it was approved"
            await receive(place.relay, await place.relay.room("one"), NADI, {"id": new_id(), "remove": said.sequence})
            assert (await bodies(place))[0]["kind"] == "gone"

    perform(play())


def test_an_approval_that_was_cut_short_is_not_said_twice(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            await place.relay.command("one", 1, Control(hold=True))
            held = await says(place, NADI, "once")
            before = await asyncio.gather(*(decide(place.relay, "one", held.sequence, approve=True) for _ in range(3)))
            assert before == [2, 2, 2]
            assert [row["kind"] for row in await bodies(place)] == ["rules", "said"]

    perform(play())


@pytest.mark.parametrize("is_held_first", [True, False])
def test_what_its_client_tries_again_is_said_once_though_holding_began_or_ended_meanwhile(
    tmp_path: Path, is_held_first: bool
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            sent = {"id": new_id(), "text": "once"}
            for version, hold in enumerate([is_held_first, not is_held_first], 1):
                await place.relay.command("one", version, Control(hold=hold))
                await receive(place.relay, await place.relay.room("one"), NADI, sent)
            await decide(place.relay, "one", 1, approve=True)
            said = [row for row in await bodies(place) if row["kind"] == "said"]
            assert [(row["text"], "id" in row) for row in said] == [("once", False)]

    perform(play())


def test_rules_are_told_and_hold_over_a_restart(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            assert await place.relay.command("one", 3, Control(slow=60, muted={"a2": 2.0**40})) == 3
            assert await place.relay.command("one", 2, Control()) == 3
            assert await place.relay.command("one", 3, Control()) == 3
            line = await place.stream(after=await place.position(0))
            rules = {"kind": "rules", "open": True, "slow": 60, "hold": False, "newcomers": 0, "sequence": 1}
            assert await hear(line, 1) == [rules]
        async with stage(tmp_path) as place:
            with pytest.raises(Refusal) as muted:
                await says(place, NOOR, "may I?")
            assert muted.value.reason == "muted"
            await says(place, NADI, "I may")
            with pytest.raises(Refusal) as slow:
                await says(place, NADI, "twice?")
            assert slow.value.reason == "slow"
            assert 50 < slow.value.wait <= 60

    perform(play())


@pytest.mark.parametrize(
    ("control", "reason"),
    [
        (Control(is_open=False), "closed"),
        (Control(banned={"a1": 2.0**40}), "banned"),
        (Control(muted={"a1": 2.0**40}), "muted"),
        (Control(newcomers=5), "newcomer"),
    ],
)
def test_who_may_not_speak_is_told_why_and_may_take_back_what_was_said(
    tmp_path: Path, control: Control, reason: str
) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            said = await says(place, NADI, "words")
            await place.relay.command("one", 1, control)
            await forget_ring(place)
            with pytest.raises(Refusal) as refusal:
                await says(place, NADI, "more words")
            assert refusal.value.reason == reason
            await receive(place.relay, await place.relay.room("one"), NADI, {"id": new_id(), "remove": said.sequence})
            assert (await bodies(place))[0]["kind"] == "gone"

    perform(play())


def test_a_restriction_that_is_over_holds_no_more(tmp_path: Path) -> None:
    async def play() -> None:
        async with stage(tmp_path) as place:
            await place.relay.command("one", 1, Control(muted={"a1": 1.0}, banned={"a1": 1.0}))
            assert (await says(place, NADI, "here again")).sequence == 1

    perform(play())
