"""The books of a rehearsal: what was acknowledged against what each listener heard, and against the log."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any

Log = list[tuple[int, str]]


class Heard:
    """What one listener heard, in the order of hearing: runs of sequences, and what no other had under a sequence.

    Without a loss that is one run, however long; nothing is kept for a delivery that is as it should be.
    """

    __slots__ = ("after", "others", "runs")

    def __init__(self, after: int) -> None:
        self.after = after
        self.runs = array("q", (after + 1, after))
        self.others: list[tuple[int, str]] = []

    @property
    def last(self) -> int:
        """The sequence heard last."""
        return self.runs[-1]

    def hear(self, first: int, last: int) -> None:
        """Heard all from `first` to `last`, one after the other."""
        if first == self.runs[-1] + 1:
            self.runs[-1] = last
        else:
            self.runs.extend((first, last))

    def has_heard(self, sequence: int) -> bool:
        """Whether it heard the entry `sequence`, or needed not."""
        return self.after >= sequence or any(first <= sequence <= last for first, last in _pairs(self.runs))

    def entered(self) -> Entered:
        """What the books keep of it: alike for all who heard alike."""
        return self.after, tuple(self.runs), tuple(self.others)


Entered = tuple[int, tuple[int, ...], tuple[tuple[int, str], ...]]


@dataclass
class Ears:
    """What the listeners of one process heard: `said` is the message first heard under each sequence by any of them."""

    said: dict[int, str] = field(default_factory=dict)
    heard: Counter[Entered] = field(default_factory=Counter)


@dataclass
class Books:
    """`acknowledged`: message id → sequence. `room` is the public id of the room in which everybody sits."""

    room: str = ""
    acknowledged: dict[str, int] = field(default_factory=dict)
    ears: list[Ears] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def take(self, told: dict[str, Any]) -> None:
        """Add the books of a process, as `told_by` gave them."""
        self.room = self.room or told["room"]
        self.acknowledged |= told["acknowledged"]
        self.errors += told["errors"]
        ears = Ears({int(sequence): message for sequence, message in told["said"].items()})
        for (after, runs, others), count in told["heard"]:
            ears.heard[(after, tuple(runs), tuple((sequence, message) for sequence, message in others))] += count
        self.ears.append(ears)


def told_by(books: Books, ears: Ears) -> dict[str, Any]:
    """The books of one process, as JSON has them."""
    return {
        "room": books.room,
        "acknowledged": books.acknowledged,
        "errors": books.errors,
        "said": ears.said,
        "heard": list(ears.heard.items()),
    }


@dataclass(frozen=True)
class Balance:
    """What is owed and what was got, in deliveries (one entry to one listener)."""

    posts_acknowledged: int
    deliveries_expected: int
    deliveries: int
    lost: int
    doubled: int
    out_of_order: int

    @property
    def is_even(self) -> bool:
        """Nothing lost, doubled or out of order, and everything expected was delivered."""
        return (
            self.deliveries == self.deliveries_expected and not self.lost and not self.doubled and not self.out_of_order
        )


def balance(books: Books, log: Log) -> Balance:
    """Compare the books with `log`: pairs (sequence, message id) of the reopened store, in its order.

    Every acknowledged message stands in the log once, under the sequence that was acknowledged; every
    listener heard every entry after its beginning once, in order, and nothing else.
    """
    at = dict(log)
    ids = [message for _, message in log]
    lost = sum(1 for message, sequence in books.acknowledged.items() if at.get(sequence) != message)
    doubled = len(ids) - len(set(ids))
    out_of_order = sum(1 for (one, _), (two, _) in pairwise(log) if two != one + 1)
    expected = got = 0
    for ears in books.ears:
        for entered, count in ears.heard.items():
            owed, right, again, crossed = _compare(entered, ears.said, at)
            expected += owed * count
            got += right * count
            lost += (owed - right) * count
            doubled += again * count
            out_of_order += crossed * count
    return Balance(len(books.acknowledged), expected, got, lost, doubled, out_of_order)


def _compare(entered: Entered, said: dict[int, str], at: dict[int, str]) -> tuple[int, int, int, int]:
    """Of one listener: how many entries were owed, got, heard without need, and heard after a later one."""
    after, runs, others = entered
    different = dict(reversed(others))
    sequences = list(chain.from_iterable(range(first, last + 1) for first, last in _pairs(runs)))
    once = set(sequences)
    owed = {sequence for sequence in at if sequence > after}
    right = {sequence for sequence in once if different.get(sequence, said.get(sequence)) == at.get(sequence)}
    again = len(sequences) - len(once) + len(once - owed)
    return len(owed), len(owed & right), again, sum(1 for one, two in pairwise(sequences) if two < one)


def _pairs(runs: Iterable[int]) -> Iterator[tuple[int, int]]:
    numbers = iter(runs)
    return zip(numbers, numbers, strict=True)
