"""Answers wait in memory until there are enough of them; what is killed loses what waits, what ends hands in most."""

from __future__ import annotations

import logging
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from tertulia.people.counting.buffer import Buffer
from tertulia.people.counting.totals import Totals
from tests.ground.nursery import until

OFTEN = 0.02


@pytest.fixture
def totals(tmp_path: Path) -> Totals:
    return Totals(tmp_path / "counting.sqlite3")


def answer(buffer: Buffer, times: int, country: str = "PT", scope: str = "nights") -> None:
    for _ in range(times):
        buffer.add(scope, "country", country)


def test_forty_nine_answers_touch_no_disk_and_the_fiftieth_takes_them_all(totals: Totals) -> None:
    buffer = Buffer(totals)
    answer(buffer, 40)
    answer(buffer, 9, "NP")
    assert list(totals.path.parent.iterdir()) == []
    answer(buffer, 1)
    assert (totals.read("nights"), buffer.waits()) == ({"country": {"PT": 41, "NP": 9}}, 0)


def test_no_question_and_no_event_hurries_another(totals: Totals) -> None:
    buffer = Buffer(totals)
    for _ in range(49):
        for scope in ("nights", "days"):
            buffer.add(scope, "country", "PT")
        buffer.add("nights", "group", "2-5")
    assert (list(totals.path.parent.iterdir()), buffer.waits()) == ([], 147)
    buffer.add("days", "country", "PT")
    assert (totals.read("days"), totals.read("nights")) == ({"country": {"PT": 50}}, {})


def test_a_process_that_ends_hands_in_what_waits_but_never_a_few(totals: Totals) -> None:
    buffer = Buffer(totals)
    answer(buffer, 8)
    answer(buffer, 3, "NP")
    for _ in range(10):
        buffer.add("nights", "group", "2-5")
    buffer.hand_in()
    assert (totals.read("nights"), buffer.waits()) == ({"country": {"NP": 3, "PT": 8}}, 10)
    buffer.hand_in()
    assert (totals.read("nights"), buffer.waits()) == ({"country": {"NP": 3, "PT": 8}}, 10)


def test_where_an_event_is_over_a_process_that_ends_hands_in_all(totals: Totals) -> None:
    buffer = Buffer(totals)
    answer(buffer, 3)
    answer(buffer, 3, scope="days")
    totals.end("nights", 1000)
    buffer.hand_in()
    assert (totals.read("nights"), totals.read("days"), buffer.waits()) == ({"country": {"PT": 3}}, {}, 3)


def test_a_process_in_which_nothing_waits_ends_without_touching_the_disk(totals: Totals) -> None:
    Buffer(totals).hand_in()
    assert list(totals.path.parent.iterdir()) == []


def test_when_an_event_has_ended_what_waits_is_written_by_itself(totals: Totals) -> None:
    buffer = Buffer(totals, look_seconds=OFTEN)
    answer(buffer, 3)
    answer(buffer, 2, scope="days")
    totals.end("nights", 1000)
    until(lambda: totals.read("nights"))
    assert (totals.read("nights"), totals.read("days"), buffer.waits()) == ({"country": {"PT": 3}}, {}, 2)
    # Who was just about to be counted when it ended comes after.
    answer(buffer, 1, "NP")
    until(lambda: totals.read("nights") == {"country": {"NP": 1, "PT": 3}})


def test_nobody_looks_while_nothing_waits(totals: Totals) -> None:
    buffer = Buffer(totals, look_seconds=OFTEN)
    answer(buffer, 50)
    until(lambda: buffer._watch is None)
    answer(buffer, 1)
    assert buffer._watch is not None


def test_what_cannot_be_written_goes_on_waiting(totals: Totals, caplog: pytest.LogCaptureFixture) -> None:
    totals.path.mkdir()
    buffer = Buffer(totals, look_seconds=OFTEN)
    with caplog.at_level(logging.ERROR):
        answer(buffer, 50)
        assert buffer.waits() == 50
        totals.path.rmdir()
        until(lambda: totals.read("nights") == {"country": {"PT": 50}})
    assert buffer.waits() == 0
    assert {record.getMessage().split(":")[0] for record in caplog.records} >= {"answers could not be written down"}
    assert "PT" not in caplog.text


def test_threads_lose_nothing_and_double_nothing(totals: Totals) -> None:
    buffer = Buffer(totals, enough=7)
    crew = [threading.Thread(target=answer, args=(buffer, 100, country)) for country in ("PT", "NP", "UY", "TD")]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    totals.end("nights", 1000)
    buffer.hand_in()
    assert totals.read("nights") == {"country": dict.fromkeys(("NP", "PT", "TD", "UY"), 100)}


def test_however_threads_meet_no_batch_is_smaller(totals: Totals, monkeypatch: pytest.MonkeyPatch) -> None:
    buffer, batches = Buffer(totals, enough=3), []
    taken = buffer._taken

    def take_late(place: Any, least: int) -> Any:
        # Another thread is quicker by a whole batch, and one answer more has come by now.
        if not batches:
            batches.append(taken(place, least))
            buffer.add("nights", "country", "NP")
        batches.append(taken(place, least))
        return batches[-1]

    monkeypatch.setattr(buffer, "_taken", take_late)
    answer(buffer, 3)
    assert (batches, buffer.waits(), totals.path.exists()) == ([{"PT": 3}, {}], 1, False)


def test_it_waits_for_another_who_writes(totals: Totals) -> None:
    totals.add("nights", {"country": {"PT": 1}})
    other = sqlite3.connect(totals.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    buffer = Buffer(totals, enough=2)
    writer = threading.Thread(target=answer, args=(buffer, 2))
    writer.start()
    until(lambda: buffer._watch is not None and buffer.waits() == 0)
    other.execute("COMMIT")
    other.close()
    writer.join()
    assert totals.read("nights") == {"country": {"PT": 3}}
