"""Whoever copies files, however often, cannot tell whose answer was which; whoever counts naively gives it away."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tertulia.people.actions import count_participation, counting, hand_in_answers
from tertulia.people.counting.buffer import Buffer
from tertulia.people.counting.questions import QUESTIONS
from tertulia.people.counting.totals import Totals
from tertulia.people.models import Account
from tests.factories import make_account
from tests.people.counting.attacker import Copy, answers_in, in_order, joined, noted_in, replayed
from tests.people.counting.naive import InOrderOfArrival, WrittenAtEachEnd, WrittenThrough

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 100
# A hundred answers in two batches of fifty, all different: two are right by chance. Ten or more: one time in 20,000.
MOST_BY_CHANCE = 9
# In nine batches of eleven nine are right by chance. 23 or more: one time in 20,000.
MOST_BY_CHANCE_OF_ELEVEN = 22
COUNTRIES = QUESTIONS["country"].answers

Counter = Callable[[Path], Any]


# Nobody looks after what is left of a life that is over, when its file may be gone.
LATE = 3600.0


def ours(path: Path) -> Buffer:
    return Buffer(Totals(path), look_seconds=LATE)


def written_at_each_end(path: Path) -> Buffer:
    return WrittenAtEachEnd(Totals(path), look_seconds=LATE)


def laid_as_it_came(path: Path) -> Buffer:
    return Buffer(InOrderOfArrival(path))


@pytest.fixture
def crowd() -> dict[Account, str]:
    """People and what each will answer, no two alike, in the order in which they come."""
    countries = random.Random(2021).sample(COUNTRIES, PEOPLE)
    return {make_account(): country for country in countries}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "counting" / "counting.sqlite3"


def answering(crowd: dict[Account, str], count: Counter, file: Path, life: int = 0) -> Iterator[None]:
    """Let one after the other answer, and stop after each; the server is started anew after each `life` answers."""
    file.parent.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        buffer = count(file)
        patch.setattr(counting, "_buffer", lambda _path: buffer)
        for number, (account, country) in enumerate(crowd.items(), 1):
            count_participation(account, "nights", "country", country)
            if life and number % life == 0:
                hand_in_answers()
                buffer = count(file)
            yield


def right(crowd: dict[Account, str], guesses: dict[int, str]) -> int:
    """How many guesses are right."""
    return sum(guesses.get(account.pk) == country for account, country in crowd.items())


def noted_now(place: Path) -> frozenset[int]:
    """The accounts noted in a copy of the database that is taken now: of its files, or a dump of its rows."""
    if connection.vendor == "sqlite":
        source = Path(settings.DATABASES["default"]["NAME"])
        for part in source.parent.glob(f"{source.name}*"):
            shutil.copy(part, place / part.name)
        return noted_in(place / source.name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_id FROM people_answered")
        return frozenset(account for (account,) in cursor.fetchall())


def taken_every(step: int, crowd: dict[Account, str], count: Counter, file: Path, life: int = 0) -> list[Copy]:
    """A copy of everything after every `step` answers; the server lives for `life` answers, or on and on."""
    place = file.parent.with_name("backup")
    copies = []
    for number, _ in enumerate(answering(crowd, count, file, life), 1):
        if number % step == 0:
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(file.parent, place)
            copies.append(Copy(noted_now(place), answers_in(place / file.name)))
    return copies


@pytest.mark.parametrize("step", [1, 10])
def test_successive_backups_tell_no_more_than_chance(crowd: dict[Account, str], file: Path, step: int) -> None:
    copies = taken_every(step, crowd, ours, file)
    # All of a batch are there at once, as a sum.
    assert [len(copy.answers) for copy in copies] == [
        50 * (step * number // 50) for number in range(1, 1 + 100 // step)
    ]
    assert [len(copy.noted) for copy in copies] == list(range(step, 101, step))
    guesses = joined(copies)
    assert len(guesses) == PEOPLE
    assert right(crowd, guesses) <= MOST_BY_CHANCE


def test_successive_backups_of_a_naive_count_tell_everything(crowd: dict[Account, str], file: Path) -> None:
    assert right(crowd, joined(taken_every(1, crowd, WrittenThrough, file))) == PEOPLE


@pytest.mark.parametrize("life", [1, 3, 10])
def test_copies_around_restarts_tell_nothing_of_a_few(crowd: dict[Account, str], file: Path, life: int) -> None:
    copies = taken_every(life, crowd, ours, file, life)
    assert [(len(copy.noted), copy.answers) for copy in copies] == [
        (number, []) for number in range(life, PEOPLE + 1, life)
    ]
    assert joined(copies, is_between_lives=True) == {}


def test_copies_around_restarts_tell_no_more_than_chance_of_eleven(crowd: dict[Account, str], file: Path) -> None:
    copies = taken_every(11, crowd, ours, file, life=11)
    assert [len(copy.answers) for copy in copies] == list(range(11, PEOPLE, 11))
    guesses = joined(copies, is_between_lives=True)
    assert len(guesses) == 99
    assert right(crowd, guesses) <= MOST_BY_CHANCE_OF_ELEVEN


def test_copies_around_restarts_tell_everything_where_a_few_are_written(crowd: dict[Account, str], file: Path) -> None:
    copies = taken_every(1, crowd, written_at_each_end, file, life=1)
    assert right(crowd, joined(copies, is_between_lives=True)) == PEOPLE


def by_the_log_of_changes(crowd: dict[Account, str], count: Counter, file: Path) -> dict[int, str]:
    """One theft at the end: the database's log of changes is replayed, and joined with how the answers lie."""
    if connection.vendor != "sqlite":
        pytest.skip("the log of changes is SQLite's; PostgreSQL is asked for its versions of rows")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert sum(1 for _ in answering(crowd, count, file)) == PEOPLE
    past = file.parent.with_name("past")
    past.mkdir()
    states = replayed(Path(settings.DATABASES["default"]["NAME"]), past)
    order = in_order(noted_in(state) for state in states)
    assert order == [account.pk for account in crowd]
    return dict(zip(order, answers_in(file), strict=True))


def by_versions_of_rows(crowd: dict[Account, str], count: Counter, file: Path) -> dict[int, str]:
    """One theft at the end: PostgreSQL says which row was written after which."""
    if connection.vendor == "sqlite":
        pytest.skip("versions of rows are PostgreSQL's; SQLite's log of changes is replayed")
    assert sum(1 for _ in answering(crowd, count, file)) == PEOPLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_id FROM people_answered ORDER BY xmin::text::bigint")
        order = [account for (account,) in cursor.fetchall()]
    assert order == [account.pk for account in crowd]
    return dict(zip(order, answers_in(file), strict=True))


@pytest.mark.parametrize("theft", [by_the_log_of_changes, by_versions_of_rows])
class TestOneTheft:
    def test_who_came_after_whom_does_not_tell_what_they_said(
        self, theft: Any, crowd: dict[Account, str], file: Path
    ) -> None:
        assert right(crowd, theft(crowd, ours, file)) <= MOST_BY_CHANCE

    def test_of_a_naive_count_it_tells_everything(self, theft: Any, crowd: dict[Account, str], file: Path) -> None:
        assert right(crowd, theft(crowd, WrittenThrough, file)) == PEOPLE

    def test_sums_that_lie_as_they_came_tell_it_too(self, theft: Any, crowd: dict[Account, str], file: Path) -> None:
        assert right(crowd, theft(crowd, laid_as_it_came, file)) > PEOPLE // 2


def test_no_file_beside_it_holds_an_answer(crowd: dict[Account, str], file: Path) -> None:
    for _ in answering(crowd, ours, file):
        assert {path.name for path in file.parent.iterdir()} <= {file.name}
    with contextlib.closing(sqlite3.connect(file)) as kept:
        assert kept.execute("SELECT count(*), sum(number) FROM total").fetchone() == (PEOPLE, PEOPLE)
