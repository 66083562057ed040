"""The file of its own: running totals, and nothing from which an answer could be picked."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from pathlib import Path

import pytest

from tertulia.people.counting.buffer import Buffer
from tertulia.people.counting.questions import QUESTIONS
from tertulia.people.counting.totals import Totals

COUNTRIES = QUESTIONS["country"].answers


@pytest.fixture
def totals(tmp_path: Path) -> Totals:
    return Totals(tmp_path / "counting.sqlite3")


def pragma(totals: Totals, name: str) -> object:
    with totals._open() as file:
        return file.execute(f"PRAGMA {name}").fetchone()[0]


def test_sums_of_each_question_and_event_stay_apart(totals: Totals) -> None:
    totals.add("nights", {"country": {"PT": 2, "NP": 1}})
    totals.add("nights", {"country": {"PT": 3}, "group": {"2-5": 1}})
    totals.add("days", {"country": {"PT": 7}})
    assert totals.read("nights") == {"country": {"NP": 1, "PT": 5}, "group": {"2-5": 1}}
    assert totals.read("days") == {"country": {"PT": 7}}


def test_it_is_its_owners_alone_and_has_no_running_copy(totals: Totals) -> None:
    totals.add("nights", {"country": {"PT": 2}})
    assert [path.name for path in totals.path.parent.iterdir()] == ["counting.sqlite3"]
    assert totals.path.stat().st_mode & 0o777 == 0o600
    kept = {name: pragma(totals, name) for name in ("journal_mode", "secure_delete", "synchronous", "temp_store")}
    assert kept == {"journal_mode": "delete", "secure_delete": 1, "synchronous": 2, "temp_store": 2}


def test_there_is_no_row_id_that_counts(totals: Totals) -> None:
    totals.add("nights", {"country": {"PT": 2}})
    with contextlib.closing(sqlite3.connect(totals.path)) as file:
        for table in ("total", "ended"):
            with pytest.raises(sqlite3.OperationalError, match="no such column: rowid"):
                file.execute(f"SELECT rowid FROM {table}")  # noqa: S608 - our own tables


def test_the_same_answers_make_the_same_file_in_whatever_order_they_came(tmp_path: Path) -> None:
    batches = [list(COUNTRIES[:50]), list(COUNTRIES[30:80]), ["PT"] * 20 + list(COUNTRIES[200:230])]
    files = []
    for seed in (1, 2):
        path = tmp_path / f"{seed}.sqlite3"
        buffer, order = Buffer(Totals(path)), random.Random(seed)
        for batch in batches:
            order.shuffle(batch)
            for country in batch:
                buffer.add("nights", "country", country)
        files.append(path.read_bytes())
    assert files[0] == files[1]
    assert b"countryPT" in files[0]


def test_what_is_released_is_overwritten_and_takes_nothing_more(totals: Totals) -> None:
    totals.add("nights", {"country": {"NP": 3}})
    totals.add("days", {"country": {"NP": 4}})
    totals.end("nights", 1000)
    totals.forget("nights")
    totals.add("nights", {"country": {"NP": 1}})
    assert (totals.read("nights"), totals.read("days")) == ({}, {"country": {"NP": 4}})
    assert b"nightscountry" not in totals.path.read_bytes()
    assert b"dayscountry" in totals.path.read_bytes()


def test_what_ended_is_due_after_a_while_and_once(totals: Totals) -> None:
    totals.end("nights", 1000)
    totals.end("nights", 2000)
    totals.end("days", 1500)
    assert (totals.is_ended("nights"), totals.is_ended("hours")) == (True, False)
    assert totals.ended_among(["hours", "days"]) == ["days"]
    assert (totals.due(999), totals.due(1000), totals.due(1500)) == ([], ["nights"], ["days", "nights"])
    totals.forget("nights")
    assert (totals.due(9999), totals.is_ended("nights")) == (["days"], True)


def test_a_change_is_made_whole_or_not_at_all(totals: Totals) -> None:
    totals.add("nights", {"country": {"PT": 2}})
    with pytest.raises(OverflowError):
        totals.add("nights", {"country": {"PT": 1}, "group": {"2-5": 2**70}})
    assert totals.read("nights") == {"country": {"PT": 2}}


def test_a_file_that_is_damaged_says_so(totals: Totals) -> None:
    totals.path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        totals.add("nights", {"country": {"PT": 2}})


def test_the_time_of_the_file_does_not_say_when_sums_were_written(tmp_path: Path) -> None:
    totals = Totals(tmp_path / "counting.sqlite3")
    totals.add("nights", {"country": {"PT": 50}})
    before = totals.path.stat()
    assert before.st_mtime_ns == 0
    assert totals.read("nights") == {"country": {"PT": 50}}
    assert totals.is_ended("nights") is False
    # What the system itself notes, and nobody can set, says no more than when sums were written.
    assert totals.path.stat().st_ctime_ns == before.st_ctime_ns
    totals.end("nights", 1)
    assert totals.path.stat().st_mtime_ns == 0
