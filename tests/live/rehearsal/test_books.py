"""The books notice whatever can go wrong between an acknowledgement and an ear."""

from __future__ import annotations

from array import array

import pytest

from tertulia.live.rehearsal.books import Balance, Books, Heard, balance, percentile

LOG = [(1, "a"), (2, "b"), (3, "c")]


def books_with(*heard: Heard) -> Books:
    return Books(acknowledged={"a": 1, "b": 2, "c": 3}, heard=list(heard))


def heard(after: int, *pairs: tuple[int, str]) -> Heard:
    listener, books = Heard(after), Books()
    for sequence, message in pairs:
        books.hear(listener, sequence, message, 0.0)
    return listener


def test_everything_heard_once_and_in_order_balances() -> None:
    even = balance(books_with(heard(0, *LOG), heard(2, (3, "c")), heard(3)), LOG)

    assert even == Balance(3, deliveries_expected=4, deliveries=4, lost=0, doubled=0, out_of_order=0)
    assert even.is_even


@pytest.mark.parametrize(
    ("what", "listener", "log", "expected"),
    [
        ("not heard", heard(0, (1, "a"), (3, "c")), LOG, Balance(3, 3, 2, 1, 0, 0)),
        ("heard twice", heard(0, (1, "a"), (2, "b"), (2, "b"), (3, "c")), LOG, Balance(3, 3, 3, 0, 1, 0)),
        ("heard late", heard(0, (2, "b"), (1, "a"), (3, "c")), LOG, Balance(3, 3, 3, 0, 0, 1)),
        ("heard something else", heard(0, (1, "a"), (2, "x"), (3, "c")), LOG, Balance(3, 3, 2, 1, 0, 0)),
        ("heard what was never kept", heard(0, *LOG, (4, "d")), LOG, Balance(3, 3, 3, 0, 1, 0)),
        ("acknowledged and not kept", heard(0, (1, "a"), (2, "b")), LOG[:2], Balance(3, 2, 2, 1, 0, 0)),
        ("kept under another number", heard(0, *LOG), [(1, "a"), (2, "c"), (3, "b")], Balance(3, 3, 1, 4, 0, 0)),
        ("kept twice", heard(0, *LOG, (4, "a")), [*LOG, (4, "a")], Balance(3, 4, 4, 0, 1, 0)),
        (
            "kept with a gap",
            heard(0, (1, "a"), (2, "b"), (4, "c")),
            [(1, "a"), (2, "b"), (4, "c")],
            Balance(3, 3, 3, 1, 0, 1),
        ),
    ],
)
def test_each_fault_is_counted(what: str, listener: Heard, log: list[tuple[int, str]], expected: Balance) -> None:
    even = balance(books_with(listener), log)

    assert (what, even) == (what, expected)
    assert not even.is_even


def test_somebody_who_has_not_heard_the_last_entry_is_waited_for() -> None:
    assert books_with(heard(0, *LOG), heard(3)).has_heard_all(3)
    assert not books_with(heard(0, *LOG), heard(0, (1, "a"))).has_heard_all(3)


def test_a_delivery_is_timed_from_the_moment_the_message_was_sent() -> None:
    books = Books(sent_at={"a": 1.0})

    books.hear(Heard(0), 1, "a", 1.25)
    books.hear(Heard(0), 1, "of somebody else", 9.0)

    assert books.deliveries == array("f", [250.0])


@pytest.mark.parametrize(("share", "expected"), [(0.5, 51.0), (0.99, 100.0), (1.0, 100.0)])
def test_percentiles_are_nearest_rank(share: float, expected: float) -> None:
    assert percentile([float(number) for number in range(1, 101)], share) == expected
    assert percentile([], share) == 0.0
