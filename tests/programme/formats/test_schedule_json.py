"""schedule.json: what is read, what is noted, what is rejected and where, and that what is written reads the same."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tertulia.programme.formats.entries import (
    ContributorEntry,
    Note,
    Rejected,
    Schedule,
    SessionEntry,
    SlotEntry,
)
from tertulia.programme.formats.schedule_json import parse, render
from tests.programme.schedules import FILES, as_bytes, real, session_of, small

pytestmark = pytest.mark.parser
FIRST = "schedule.conference.days[0].rooms['Main sky'][0]"
SECOND = "schedule.conference.days[0].rooms['Main sky'][1]"
ZONE = "schedule.conference.time_zone_name"


def read(tree: object, zone: str | None = None) -> Schedule:
    parsed = parse(as_bytes(tree), zone)
    assert parsed.rejected == ()
    assert parsed.schedule is not None
    return parsed.schedule


def test_the_small_festival_is_read_whole() -> None:
    parsed = parse((FILES / "small.json").read_bytes())
    assert parsed.rejected == ()
    assert parsed.notes == (
        Note(
            "schedule.conference.days[1].rooms['The courtyard'][0].duration",
            "1:06:00 is read as days, hours and minutes",
        ),
    )
    first, second = ContributorEntry("First Sample", "AAA111", "A sample."), ContributorEntry("Second Sample", "BBB222")
    assert parsed.schedule == Schedule(
        title="Small nights",
        acronym="small-nights",
        version="0.3",
        zone="Europe/Lisbon",
        starts_on=date(2021, 11, 16),
        ends_on=date(2021, 11, 17),
        rooms=("Main sky", "The courtyard"),
        tracks=("Justice", "Pleasure"),
        sessions=(
            SessionEntry(
                source_id="5b1a2b0e-0000-4000-8000-000000000001",
                slug="small-nights-1-who-asks",
                title="Who asks?",
                subtitle="An opening",
                abstract="We begin with a question.",
                description="First paragraph.\n\nSecond paragraph.",
                track="Justice",
                session_type="Panel",
                language="en",
                contributors=(first, second),
                slots=(slot(16, 9, 90, "Main sky"),),
            ),
            SessionEntry(
                source_id="5b1a2b0e-0000-4000-8000-000000000002",
                slug="versos-de-noche",
                title="Versos de noche",
                track="Pleasure",
                session_type="Poetry",
                language="es",
                do_not_record=True,
                contributors=(second,),
                slots=(slot(16, 11, 45, "Main sky"),),
            ),
            SessionEntry(
                source_id="5b1a2b0e-0000-4000-8000-000000000003",
                slug="a-long-night",
                title="A long night",
                session_type="Film",
                slots=(slot(17, 20, 30 * 60, "The courtyard"),),
            ),
        ),
    )


def slot(day: int, hour: int, minutes: int, room: str) -> SlotEntry:
    local = datetime(2021, 11, day, hour)  # noqa: DTZ001 - the clock on the wall
    return SlotEntry(local, "Europe/Lisbon", local.replace(tzinfo=UTC), timedelta(minutes=minutes), room)


@pytest.mark.parametrize(
    ("raw", "rejected"),
    [
        (b"", Rejected("line 1, column 1", "is not JSON: Expecting value")),
        (b'{"schedule":\n  nope}', Rejected("line 2, column 3", "is not JSON: Expecting value")),
        (b'{"a":\n"\xff"}', Rejected("line 2", "is not UTF-8 text")),
        ("{}".encode("utf-16"), Rejected("line 1", "is not UTF-8 text")),
        (b"[" * 200_000, Rejected("the file", "is nested too deeply")),
        (b"9" * 5000, Rejected("the file", "holds a number with thousands of digits")),
        (b" " * 20_000_001, Rejected("the file", "is larger than 20 MB")),
        (b"NaN", Rejected("the file", "is NaN or Infinity, which JSON does not have")),
        (b"[]", Rejected("the file", "is a list; a group ({…}) is expected")),
        (b"{}", Rejected("schedule", "is missing")),
        (b'{"schedule": {}}', Rejected("schedule.conference", "is missing")),
        (b'{"schedule": {}, "schedule": {}}', Rejected("the file", "the key 'schedule' stands twice")),
    ],
)
def test_what_is_no_schedule_is_named_with_its_place(raw: bytes, rejected: Rejected) -> None:
    assert parse(raw).rejected[0] == rejected
    assert parse(raw).schedule is None or rejected.where == "the file"


def test_a_byte_order_mark_is_no_fault() -> None:
    raw = (FILES / "small.json").read_bytes()
    assert parse(b"\xef\xbb\xbf" + raw) == parse(raw)


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("date", None, "is missing"),
        ("date", "", "is empty"),
        ("date", 20211116, "is a number; text is expected"),
        ("date", "yesterday", "'yesterday' is not a date with a time, such as 2021-11-16T09:00:00+01:00"),
        ("date", "2021-11-16", "'2021-11-16' is not a date with a time, such as 2021-11-16T09:00:00+01:00"),
        ("date", "2021-02-30T09:00:00+01:00", "'2021-02-30T09:00:00+01:00' is not on the calendar"),
        ("date", "0001-01-01T00:00:00+14:00", "'0001-01-01T00:00:00+14:00' is not between 1970 and 2200"),
        ("date", "2021-11-16T09:00:00+23:17", "carries an offset that no clock shows"),
        ("duration", None, "is missing"),
        ("duration", 30, "is a number; text is expected"),
        ("duration", "00:00", "'00:00' is no time at all"),
        ("duration", "-00:30", "'-00:30' is not a length, such as 01:30 or 1:06:00"),
        ("duration", "00:75", "'00:75' is not a length, such as 01:30 or 1:06:00"),
        ("duration", "9:00:00", "'9:00:00' is longer than a week"),
        ("duration", "٠١:٣٠", "'٠١:٣٠' is not a length, such as 01:30 or 1:06:00"),
        ("title", None, "is missing"),
        ("title", "  ", "is empty"),
        ("title", {"en": "x"}, "is a group; text is expected"),
        ("title", "x" * 301, "is 301 characters long; 300 is the most"),
        ("title", "half \ud800", "holds half a sign (a lone surrogate)"),
        ("description", "x" * 10_000_000, "is 10000000 characters long; 100000 is the most"),
        ("track", 4, "is a number; text is expected"),
        ("type", ["Panel"], "is a list; text is expected"),
        ("do_not_record", "no", "is text; true or false is expected"),
        ("persons", "somebody", "is text; a list ([…]) is expected"),
    ],
)
def test_a_piece_that_cannot_be_taken_is_rejected_where_it_stands(key: str, value: object, why: str) -> None:
    tree = small()
    session_of(tree)[key] = value
    parsed = parse(as_bytes(tree))
    assert parsed.rejected == (Rejected(f"{FIRST}.{key}", why),)
    assert parsed.schedule is not None
    assert len(parsed.schedule.sessions) == 2


def test_every_rejection_is_told_not_the_first_alone() -> None:
    tree = small()
    session_of(tree).update(date="never", duration="00:00", persons=[{"public_name": ""}, 7])
    session_of(tree, 1)["title"] = None
    tree["schedule"]["conference"].update(start="2021-13-01", title=None)
    assert [piece.where for piece in parse(as_bytes(tree)).rejected] == [
        f"{FIRST}.date",
        f"{FIRST}.duration",
        f"{FIRST}.persons[0]",
        f"{FIRST}.persons[1]",
        f"{SECOND}.title",
        "schedule.conference.start",
        "schedule.conference.title",
    ]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda c: c.update(days=None), "schedule.conference.days"),
        (lambda c: c.update(days={}), "schedule.conference.days"),
        (lambda c: c["days"].insert(0, "Tuesday"), "schedule.conference.days[0]"),
        (lambda c: c["days"][0].update(rooms=None), "schedule.conference.days[0].rooms"),
        (lambda c: c["days"][0]["rooms"].update({"Main sky": {}}), "schedule.conference.days[0].rooms['Main sky']"),
        (lambda c: c["days"][0]["rooms"].update({"Main sky": [None]}), FIRST),
        (lambda c: c.update(end="2021-11-01"), "schedule.conference.end"),
        (lambda c: c.update(rooms=[{"name": None}]), "schedule.conference.rooms[0].name"),
    ],
)
def test_a_spoilt_frame_is_rejected_where_it_is_spoilt(change: Any, where: str) -> None:
    tree = small()
    change(tree["schedule"]["conference"])
    assert parse(as_bytes(tree)).rejected[0].where == where


def test_a_room_that_stands_twice_in_a_day_hides_nothing() -> None:
    raw = as_bytes(small()).replace(b'"The courtyard": [{', b'"Main sky": [{')
    where = "schedule.conference.days[1].rooms"
    assert parse(raw).rejected == (Rejected(where, "the key 'Main sky' stands twice"),)


def test_a_session_without_identity_is_rejected() -> None:
    tree = small()
    for key in ("guid", "id", "slug"):
        session_of(tree).pop(key)
    why = "has neither guid nor id: a second import could not recognise it"
    assert parse(as_bytes(tree)).rejected == (Rejected(FIRST, why),)


def test_two_sessions_with_one_guid_are_rejected_and_two_airings_are_not() -> None:
    tree = small()
    session_of(tree, 1)["guid"] = session_of(tree)["guid"]
    assert parse(as_bytes(tree)).rejected == (
        Rejected(f"{SECOND}.guid", f"is the one of {FIRST}, which is another session"),
    )
    tree = small()
    again = {**session_of(tree), "date": "2021-11-17T03:00:00+00:00", "start": "03:00"}
    tree["schedule"]["conference"]["days"][1]["rooms"]["Main sky"] = [again]
    found = read(tree)
    assert [len(session.slots) for session in found.sessions] == [2, 1, 1]


def test_a_session_that_stands_twice_at_one_time_counts_once_and_is_noted() -> None:
    tree = small()
    tree["schedule"]["conference"]["days"][0]["rooms"]["Main sky"].append(session_of(tree))
    third = "schedule.conference.days[0].rooms['Main sky'][2]"
    parsed = parse(as_bytes(tree))
    assert parsed.schedule == read(small())
    assert Note(third, f"is the same as {FIRST}; it counts once") in parsed.notes


def test_two_sessions_in_one_room_at_one_time_are_noted() -> None:
    tree = small()
    session_of(tree, 1).update(date="2021-11-16T10:00:00+00:00", start="10:00")
    assert parse(as_bytes(tree)).notes[1:] == (Note(SECOND, f"is in 'Main sky' at the same time as {FIRST}"),)


def test_start_and_room_are_checked_against_what_holds() -> None:
    tree = small()
    session_of(tree).update(start="10:00", room="The cellar")
    parsed = parse(as_bytes(tree))
    assert parsed.schedule == read(small())
    assert parsed.notes[:2] == (
        Note(f"{FIRST}.room", "says 'The cellar', but the session stands under 'Main sky', which is taken"),
        Note(f"{FIRST}.start", "says '10:00', but the date says 09:00, which is taken"),
    )


def test_signs_that_turn_the_reading_direction_are_taken_out_of_names() -> None:
    tree = small()
    session_of(tree)["persons"][0]["public_name"] = "First\u202e \x00Sample\ufeff"
    parsed = parse(as_bytes(tree))
    assert parsed.schedule == read(small())
    assert parsed.notes[0] == Note(
        f"{FIRST}.persons[0].public_name", "held invisible control signs; they were left out"
    )


def test_one_person_has_one_name_throughout() -> None:
    tree = small()
    session_of(tree, 1)["persons"][0]["public_name"] = "Second Example"
    parsed = parse(as_bytes(tree))
    assert parsed.schedule == read(small())
    why = "is also called 'Second Example'; the first name is taken"
    assert Note("the person 'Second Sample'", why) in parsed.notes


class TestZone:
    def zone_and_notes(self, tree: Any, zone: str | None = None) -> tuple[str, list[Note]]:
        parsed = parse(as_bytes(tree), zone)
        assert parsed.schedule is not None
        return parsed.schedule.zone, [note for note in parsed.notes if note.where == ZONE]

    def test_asked_for_wins(self) -> None:
        zone, notes = self.zone_and_notes(small(), "Africa/Accra")
        assert zone == "Africa/Accra"
        assert notes == [Note(ZONE, "says Europe/Lisbon; Africa/Accra was asked for")]

    def test_contradicting_gives_way_to_the_sessions(self) -> None:
        tree = small()
        tree["schedule"]["conference"]["time_zone_name"] = "Asia/Tokyo"
        zone, notes = self.zone_and_notes(tree)
        assert zone == "UTC"
        why = "says Asia/Tokyo, but the sessions carry +00:00: the sessions hold, in UTC; "
        assert notes == [Note(ZONE, why + "another zone can be named")]

    @pytest.mark.parametrize(
        ("offset", "fixed", "spoken"),
        [
            ("+01:00", "Etc/GMT-1", "Etc/GMT-1 (UTC+1)"),
            ("-05:00", "Etc/GMT+5", "Etc/GMT+5 (UTC-5)"),
            ("+05:45", "Asia/Kathmandu", "Asia/Kathmandu"),
        ],
    )
    def test_missing_becomes_a_fixed_one(self, offset: str, fixed: str, spoken: str) -> None:
        tree = json.loads(as_bytes(small()).replace(b"+00:00", offset.encode()))
        tree["schedule"]["conference"]["time_zone_name"] = None
        zone, notes = self.zone_and_notes(tree)
        assert zone == fixed
        why = f"names no time zone; the sessions carry {offset}: {spoken} is taken; "
        assert notes == [Note(ZONE, why + "another zone can be named")]

    def test_an_unknown_name_is_noted(self) -> None:
        tree = small()
        tree["schedule"]["conference"]["time_zone_name"] = "../../etc/passwd"
        zone, notes = self.zone_and_notes(tree)
        assert zone == "UTC"
        assert notes[0] == Note(ZONE, "'../../etc/passwd' is not the name of a time zone")

    def test_a_stray_keeps_its_own_offset(self) -> None:
        tree = small()
        session_of(tree).update(date="2021-11-16T04:00:00-05:00", start="04:00")
        slots = [session.slots[0] for session in read(tree).sessions]
        assert [slot.zone for slot in slots] == ["Etc/GMT+5", "Europe/Lisbon", "Europe/Lisbon"]
        assert slots[0].starts_at == datetime(2021, 11, 16, 9, tzinfo=UTC)
        why = "1 of 3 slots do not follow Europe/Lisbon, the first 2021-11-16 04:00-05:00: their own offsets hold"
        assert self.zone_and_notes(tree)[1] == [Note(ZONE, why)]

    def test_a_date_without_offset_is_read_on_the_events_clock(self) -> None:
        tree = small()
        session_of(tree)["date"] = "2021-11-16T09:00:00"
        parsed = parse(as_bytes(tree))
        assert parsed.schedule == read(small())
        assert parsed.notes[0] == Note(f"{FIRST}.date", "carries no offset; it is read as the clock of Europe/Lisbon")
        tree["schedule"]["conference"]["time_zone_name"] = None
        why = "carries no offset from UTC, and no time zone is named"
        assert parse(as_bytes(tree)).rejected == (Rejected(f"{FIRST}.date", why),)

    def test_an_hour_that_the_clocks_skip_is_rejected(self) -> None:
        tree = small()
        session_of(tree)["date"] = "2021-03-28T01:30:00"
        why = "'2021-03-28T01:30:00' is an hour that the clocks of Europe/Lisbon skip"
        assert parse(as_bytes(tree)).rejected == (Rejected(f"{FIRST}.date", why),)

    def test_a_name_asked_for_that_is_none_is_rejected(self) -> None:
        rejected = parse(as_bytes(small()), "Mars/Olympus").rejected
        assert rejected == (Rejected("zone", "'Mars/Olympus' is not the name of a time zone"),)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("00:30", 30),
        ("1:30", 90),
        ("36:00", 2160),
        ("01:30:00", 90),
        ("1:30:00", 90),
        ("1:06:00", 1800),
        ("0:00:45", 45),
    ],
)
def test_lengths_as_real_files_write_them(text: str, minutes: int) -> None:
    tree = small()
    session_of(tree)["duration"] = text
    assert read(tree).sessions[0].slots[0].length == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("name", "sessions", "rooms", "tracks", "contributors", "zone"),
    [
        ("pretalx-rc3.json", 48, 5, 5, 56, "Etc/GMT-1"),
        ("pretalx-democon.json", 36, 2, 2, 27, "Etc/GMT-1"),
        ("frab-camp2019.json", 79, 2, 7, 90, "Europe/Berlin"),
    ],
)
def test_real_files_are_read_completely(
    name: str, sessions: int, rooms: int, tracks: int, contributors: int, zone: str
) -> None:
    schedule = read(json.loads(real(name)))
    counts = (len(schedule.sessions), len(schedule.rooms), len(schedule.tracks), len(schedule.contributors()))
    assert counts == (sessions, rooms, tracks, contributors)
    assert schedule.zone == zone
    assert parse(render(schedule)).schedule == schedule
    plain = json.loads(real(name))["schedule"]["conference"]
    listed = [entry for day in plain["days"] for room in day["rooms"].values() for entry in room]
    assert {session.source_id for session in schedule.sessions} == {entry["guid"] for entry in listed}
    moments = {session.source_id: session.slots[0].starts_at for session in schedule.sessions}
    assert moments == {entry["guid"]: datetime.fromisoformat(entry["date"]) for entry in listed}
