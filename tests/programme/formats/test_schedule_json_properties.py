"""schedule.json under rubbish, any bytes, and programmes that nobody would write by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertulia.programme.formats.entries import (
    ContributorEntry,
    Schedule,
    SessionEntry,
    SlotEntry,
    in_order,
)
from tertulia.programme.formats.schedule_json import parse, render
from tests.programme.schedules import FILES, as_bytes, small

pytestmark = pytest.mark.parser

leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
anything = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)
paths = st.sampled_from(
    [
        ("schedule",),
        ("schedule", "conference"),
        ("schedule", "conference", "days"),
        ("schedule", "conference", "days", 0),
        ("schedule", "conference", "days", 0, "rooms"),
        ("schedule", "conference", "days", 0, "rooms", "Main sky"),
        *(("schedule", "conference", key) for key in ("title", "start", "end", "rooms", "tracks", "time_zone_name")),
        *(
            ("schedule", "conference", "days", 0, "rooms", "Main sky", 0, key)
            for key in json.loads((FILES / "small.json").read_bytes())["schedule"]["conference"]["days"][0]["rooms"][
                "Main sky"
            ][0]
        ),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(paths, anything), min_size=1, max_size=3))
def test_rubbish_anywhere_is_a_finding_never_a_fault(spoilt: list[tuple[tuple[Any, ...], Any]]) -> None:
    tree = small()
    for path, value in spoilt:
        held: Any = tree
        for step in path[:-1]:
            held = (
                held[step]
                if (isinstance(held, dict) and step in held)
                or (isinstance(step, int) and isinstance(held, list) and len(held) > step)
                else None
            )
        if isinstance(held, dict):
            held[path[-1]] = value
    parsed = parse(as_bytes(tree))
    assert all("\n" not in piece.where + piece.why for piece in (*parsed.rejected, *parsed.notes))
    if parsed.schedule and not parsed.rejected:
        assert parse(render(parsed.schedule), parsed.schedule.zone).schedule == parsed.schedule


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | anything.map(as_bytes))
def test_any_bytes_are_answered(raw: bytes) -> None:
    parsed = parse(raw)
    assert parsed.rejected or parsed.schedule


names = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zs", "Zl", "Zp"]), min_size=1, max_size=20
)
zones = st.sampled_from(["Europe/Berlin", "America/Lima", "Asia/Kathmandu", "UTC", "Africa/Accra", "Asia/Tokyo"])


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """A programme of up to five sessions, each with up to three airings, over a change of the clocks."""
    from zoneinfo import ZoneInfo

    zone = draw(zones)
    rooms = tuple(draw(st.lists(names, min_size=1, max_size=3, unique=True)))
    people = [ContributorEntry(name, f"P{number}") for number, name in enumerate(draw(st.lists(names, max_size=3)))]

    def slot() -> SlotEntry:
        moment = datetime(2021, 10, 29, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 8000)))
        local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        length = timedelta(seconds=draw(st.integers(1, 7 * 86400)))
        return SlotEntry(local, zone, moment, length, draw(st.sampled_from(rooms)))

    def session(number: int) -> SessionEntry:
        slots = {(made.starts_at, made.room): made for made in (slot() for _ in range(draw(st.integers(1, 3))))}
        credited = draw(st.lists(st.sampled_from(people), unique=True)) if people else []
        return SessionEntry(
            f"guid-{number}",
            f"s-{number}",
            draw(names),
            description=draw(names),
            track=draw(st.sampled_from(["", "Science", "Pleasure"])),
            language=draw(st.sampled_from(["", "en", "pt-BR"])),
            do_not_record=draw(st.booleans()),
            contributors=tuple(credited),
            slots=tuple(slots.values()),
        )

    sessions = [session(number) for number in range(draw(st.integers(0, 5)))]
    made = Schedule(
        "A festival", "festival", "1", zone, date(2021, 10, 28), date(2021, 11, 6), rooms, ("Science", "Pleasure")
    )
    return replace(made, sessions=in_order(sessions, rooms))


@settings(max_examples=100, deadline=None)
@given(schedules())
def test_what_is_written_reads_the_same(schedule: Schedule) -> None:
    parsed = parse(render(schedule, "https://festival.example/"))
    assert parsed.rejected == ()
    assert parsed.schedule == schedule
