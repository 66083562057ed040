"""The books of a rehearsal: what was acknowledged against what each listener heard, and against the log."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from itertools import pairwise

Milliseconds = float


@dataclass
class Heard:
    """What one listener heard: sequences in the order of hearing, and which message each one was."""

    after: int
    sequences: list[int] = field(default_factory=list)
    messages: dict[int, str] = field(default_factory=dict)


@dataclass
class Books:
    """`acknowledged`: message id → sequence; `sent_at`: message id → seconds on the rehearsal's clock.

    `room` is the public id of the room in which everybody sits.
    """

    room: str = ""
    # When anybody last had an answer, in seconds on the same clock: the server was there then.
    contact: float = 0.0
    acknowledged: dict[str, int] = field(default_factory=dict)
    sent_at: dict[str, float] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    joins: list[Milliseconds] = field(default_factory=list)
    deliveries: array[float] = field(default_factory=lambda: array("f"))
    errors: list[str] = field(default_factory=list)

    def hear(self, listener: Heard, sequence: int, message: str, now: float) -> None:
        """A listener heard `message` at `now` (seconds)."""
        listener.sequences.append(sequence)
        listener.messages.setdefault(sequence, message)
        if message in self.sent_at:
            self.deliveries.append((now - self.sent_at[message]) * 1000)

    def has_heard_all(self, last: int) -> bool:
        """Whether every listener has heard the entry `last`, or needed not."""
        return all(one.after >= last or last in one.messages for one in self.heard)


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


def balance(books: Books, log: list[tuple[int, str]]) -> Balance:
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
    for listener in books.heard:
        owed = {sequence for sequence in at if sequence > listener.after}
        right = {sequence for sequence in listener.sequences if listener.messages[sequence] == at.get(sequence)}
        expected += len(owed)
        got += len(owed & right)
        lost += len(owed - right)
        doubled += len(listener.sequences) - len(set(listener.sequences)) + len(set(listener.sequences) - owed)
        pairs = pairwise(listener.sequences)
        out_of_order += sum(1 for one, two in pairs if two < one)
    return Balance(len(books.acknowledged), expected, got, lost, doubled, out_of_order)


def percentile(values: list[float] | array[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie, nearest rank; 0.0 without values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
