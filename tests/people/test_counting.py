"""Answers are counted once and without names; rounded figures of them are released once, after the event."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from tertulia.kit import facts
from tertulia.kit.errors import Gone, Invalid, NotAllowed
from tertulia.people.actions import (
    count_group,
    count_participation,
    counting,
    delete_account,
    dismiss,
    end_counting,
    hand_in_answers,
    release_counts,
)
from tertulia.people.counting.questions import QUESTIONS
from tertulia.people.counting.totals import Totals
from tertulia.people.facts import CountsReleased
from tertulia.people.models import Account, Answered, ReleasedCell, ReleasedTable
from tertulia.people.queries import answered_by, has_answered, released_tables
from tertulia.project import queue
from tests.factories import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def file(tmp_path: Path, settings: Any) -> Path:
    """A counting file of this test's own."""
    path: Path = tmp_path / "counting.sqlite3"
    settings.COUNTING_FILE = path
    return path


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that can be counted is asked."""
    monkeypatch.setattr(counting, "ASKED", tuple(QUESTIONS))


def answer(scope: str = "nights", country: str = "PT", times: int = 1) -> Account:
    for _ in range(times):
        account = make_account()
        count_participation(account, scope, "country", country)
    return account


def close(scope: str = "nights", minutes: int = 11) -> None:
    """The event was closed so many minutes ago, and every process has handed in."""
    Totals(counting.settings.COUNTING_FILE).end(scope, int(time.time()) - 60 * minutes)
    hand_in_answers()


def counted(file: Path, scope: str = "nights") -> dict[str, dict[str, int]]:
    """What was counted by now; from now on nobody is."""
    close(scope, minutes=0)
    return Totals(file).read(scope)


def test_that_somebody_answered_is_kept_and_not_what(file: Path) -> None:
    account = answer()
    assert list(Answered.objects.values("account_id", "scope", "question")) == [
        {"account_id": account.pk, "scope": "nights", "question": "country"}
    ]
    assert {field.name for field in Answered._meta.get_fields()} == {"id", "account", "scope", "question"}
    assert "PT" not in repr(list(Answered.objects.values()))
    assert (has_answered(account, "nights", "country"), has_answered(account, "days", "country")) == (True, False)
    assert answered_by(account, "country") == {"nights"}
    # To look whether it is over makes the file; nothing is in it.
    assert Totals(file).read("nights") == {}


def test_nobody_is_counted_twice(file: Path, everything: None) -> None:
    account = answer()
    with pytest.raises(NotAllowed, match="once"):
        count_participation(account, "nights", "country", "NP")
    count_participation(account, "days", "country", "NP")
    count_participation(account, "nights", "group", "2-5")
    assert counted(file) == {"country": {"PT": 1}, "group": {"2-5": 1}}
    assert counted(file, "days") == {"country": {"NP": 1}}


@pytest.mark.parametrize(
    ("question", "given"), [("country", "XX"), ("country", "pt"), ("country", ""), ("clock", "5"), ("shoes", "PT")]
)
def test_an_answer_that_there_is_none_of_is_refused(question: str, given: str) -> None:
    with pytest.raises(Invalid) as refusal:
        count_participation(make_account(), "nights", question, given)
    assert refusal.value.where == question
    assert Answered.objects.count() == 0


def test_a_group_is_counted_by_its_size(file: Path, everything: None) -> None:
    account = make_account()
    count_group(account, "nights", 12)
    with pytest.raises(NotAllowed):
        count_group(account, "nights", 30)
    with pytest.raises(Invalid):
        count_group(make_account(), "nights", 1)
    assert counted(file) == {"group": {"11-20": 1}}


def test_staff_and_closed_accounts_are_not_counted() -> None:
    staff = make_account("organiser")
    with pytest.raises(NotAllowed):
        count_participation(staff, "nights", "country", "PT")
    dismiss(staff)
    with pytest.raises(NotAllowed):
        count_participation(staff, "nights", "country", "PT")
    assert Answered.objects.count() == 0


def test_after_the_end_nobody_is_counted() -> None:
    end_counting("nights")
    with pytest.raises(Gone):
        answer()
    answer("days")
    assert answered_by(Account.objects.get(answered__scope="days"), "country") == {"days"}


@pytest.mark.django_db(transaction=True)
def test_the_note_is_committed_alone_before_anything_is_counted() -> None:
    account = make_account()
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        count_participation(account, "nights", "country", "PT")
    assert counting._buffer(counting.settings.COUNTING_FILE).waits() == 0


def test_who_deletes_the_account_takes_the_note_along(file: Path) -> None:
    delete_account(answer())
    assert Answered.objects.count() == 0
    # The answer stays: nobody knows which one it was.
    assert counted(file) == {"country": {"PT": 1}}


def test_figures_are_released_some_minutes_after_the_end(file: Path) -> None:
    answer(times=3)
    Totals(file).add("nights", {"country": {"PT": 60, "NP": 5}})
    assert (release_counts(), released_tables(["nights"], "country")) == (0, {})
    close(minutes=9)
    assert (release_counts(), released_tables(["nights"], "country")) == (0, {})
    assert Totals(file).read("nights") == {"country": {"NP": 5, "PT": 63}}


def released_from(file: Path, **counted: int) -> ReleasedTable:
    Totals(file).add("nights", {"country": counted})
    close()
    assert release_counts() == 1
    return released_tables(["nights"], "country")["nights"]


def cells_of(table: ReleasedTable) -> dict[str, int]:
    return dict(table.cells.values_list("answer", "number"))


def test_what_is_released_is_rounded_and_the_rest_is_gone(file: Path) -> None:
    answer(times=2)
    table = released_from(file, PT=61, NP=5, BR=30)
    cells = cells_of(table)
    assert set(cells) == {"PT", "BR"}
    assert (cells["PT"] % 5, abs(cells["PT"] - 63) <= 7, abs((table.total or 0) - 98) <= 7) == (0, True, True)
    assert table.different == 3
    assert (Totals(file).read("nights"), Answered.objects.count()) == ({}, 0)
    assert b"nightscountry" not in file.read_bytes()
    assert [queue.name_of(row) for row in queue._rows()] == ["people.purge"]


def test_a_figure_is_fixed_once(file: Path) -> None:
    table = released_from(file, PT=60)
    before = (cells_of(table), table.total, ReleasedTable.objects.count(), ReleasedCell.objects.count())
    # Somebody who was counted just then, and a task that runs again.
    Totals(file).add("nights", {"country": {"PT": 500}})
    close()
    assert release_counts() == 0
    table.refresh_from_db()
    assert (cells_of(table), table.total, ReleasedTable.objects.count(), ReleasedCell.objects.count()) == before


def test_a_release_that_was_cut_off_before_the_totals_went_is_not_made_again(file: Path) -> None:
    released_from(file, PT=60)
    file.unlink()
    table = ReleasedTable.objects.get(scope="nights", question="country")
    before = cells_of(table)
    Totals(file).add("nights", {"country": {"PT": 60}})
    close()
    assert release_counts() == 1
    assert (cells_of(table), Totals(file).read("nights")) == (before, {})


def test_no_released_row_can_be_changed(file: Path) -> None:
    table = released_from(file, PT=60)
    for row in (table, table.cells.get()):
        with pytest.raises(TypeError):
            row.save()
    for rows in (ReleasedTable.objects.all(), ReleasedCell.objects.all(), table.cells.all()):
        with pytest.raises(TypeError):
            rows.update(**{"total" if rows.model is ReleasedTable else "number": 1})


def test_there_are_tables_of_what_is_asked_whether_anybody_answered_or_not(file: Path, everything: None) -> None:
    released_from(file)
    close("days")
    Totals(file).add("days", {"group": {"2-5": 3}})
    assert release_counts() == 1
    tables = [
        sorted(ReleasedTable.objects.filter(scope=scope).values_list("question", "total", "different"))
        for scope in ("nights", "days")
    ]
    assert tables[0] == tables[1] == [(name, None, None) for name in sorted(QUESTIONS)]
    assert ReleasedCell.objects.count() == 0


def test_what_is_not_asked_is_neither_counted_nor_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "ASKED", ("country",))
    with pytest.raises(Invalid):
        count_participation(make_account(), "nights", "group", "2-5")
    released_from(file, PT=60)
    assert list(ReleasedTable.objects.values_list("question", flat=True)) == ["country"]


def test_it_is_told_once(file: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> None:
    heard: list[CountsReleased] = []
    monkeypatch.setitem(facts._wake_ups, CountsReleased, [heard.append])
    with django_capture_on_commit_callbacks(execute=True):
        released_from(file, PT=60)
        release_counts()
    assert heard == [CountsReleased("nights")]


def test_reading_costs_the_same_for_one_event_and_for_three(file: Path, django_assert_num_queries: Any) -> None:
    for scope in ("nights", "days", "hours"):
        Totals(file).add(scope, {"country": {"PT": 60, "BR": 40}})
        close(scope)
    release_counts()
    for scopes in (["nights"], ["nights", "days", "hours"]):
        with django_assert_num_queries(2):
            tables = released_tables(scopes, "country")
            assert [len(table.cells.all()) for table in tables.values()] == [2] * len(scopes)


def test_the_note_has_no_order_of_arrival() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("row ids are SQLite's; tests/people/counting/test_linking.py asks PostgreSQL")
    keys = [Answered.objects.get(account=answer()).pk for _ in range(12)]
    assert keys != sorted(keys)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rowid, id FROM people_answered")
        assert all(row == key for row, key in cursor.fetchall())
