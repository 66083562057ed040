"""How one would count without thinking: each attack of these tests has to succeed against it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from tertulia.people.counting.buffer import Buffer
from tertulia.people.counting.disclosure import MOST_HIDDEN, Release
from tertulia.people.counting.questions import Question
from tertulia.people.counting.totals import Totals


class WrittenThrough:
    """In the place of the buffer: each answer is a row, written as soon as it comes."""

    def __init__(self, path: Path) -> None:
        self.totals = Totals(path.with_name("ended.sqlite3"))
        self.path = path
        self._do("CREATE TABLE answer (id INTEGER PRIMARY KEY, question TEXT, answer TEXT)")

    def add(self, _scope: str, question: str, answer: str) -> None:
        self._do("INSERT INTO answer (question, answer) VALUES (?, ?)", question, answer)

    def _do(self, statement: str, *values: str) -> None:
        with contextlib.closing(sqlite3.connect(self.path)) as file, file:
            file.execute(statement, values)


class WrittenAtEachEnd(Buffer):
    """A buffer that hands in all that waits when its process ends, however little."""

    def hand_in(self) -> None:
        self._write(list(self._waiting))


class InOrderOfArrival(Totals):
    """Totals that are put into their file one after the other, as they came."""

    def add(self, scope: str, counted: Mapping[str, Mapping[str, int]]) -> None:
        super().add("", {})
        add = "INSERT INTO total VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET number = number + excluded.number"
        with contextlib.closing(sqlite3.connect(self.path)) as file, file:
            for question, answers in counted.items():
                file.executemany(add, [(scope, question, *one) for one in answers.items()])


def exact(question: Question, counted: Mapping[str, int]) -> Release:
    """A release that hides 1 to 10 and says everything else as it is."""
    cells = {answer: counted[answer] for answer in question.answers if counted.get(answer, 0) > MOST_HIDDEN}
    return Release(cells, sum(counted.values()), sum(number > 0 for number in counted.values()))


def to_five(question: Question, counted: Mapping[str, int]) -> Release:
    """A release that rounds to the nearest five, always alike, and hides 1 to 10."""
    told = exact(question, counted)
    return Release({answer: 5 * round(number / 5) for answer, number in told.cells.items()})
