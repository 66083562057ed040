"""The books notice whatever can go wrong between an acknowledgement and an ear."""

from __future__ import annotations

import json

import pytest

from tertulia.live.rehearsal.books import Balance, Books, Ears, Heard, balance, told_by
from tertulia.live.rehearsal.frames import Piece, Reader

LOG = [(1, "a"), (2, "b"), (3, "c")]


def books_with(*listeners: tuple[int, list[tuple[int, str]]]) -> Books:
    """Each listener: after which entry it began, and what it heard."""
    ears = Ears(said={})
    for after, heard in listeners:
        book = Heard(after)
        for sequence, message in heard:
            first = ears.said.setdefault(sequence, message)
            Piece(((sequence, message),), others=() if first == message else ((sequence, message),)).enter(book)
        ears.heard[book.entered()] += 1
    return Books(acknowledged={"a": 1, "b": 2, "c": 3}, ears=[ears])


def test_everything_heard_once_and_in_order_balances() -> None:
    even = balance(books_with((0, LOG), (2, [(3, "c")]), (3, [])), LOG)

    assert even == Balance(3, deliveries_expected=4, deliveries=4, lost=0, doubled=0, out_of_order=0)
    assert even.is_even


@pytest.mark.parametrize(
    ("what", "heard", "log", "expected"),
    [
        ("not heard", [(1, "a"), (3, "c")], LOG, Balance(3, 3, 2, 1, 0, 0)),
        ("heard twice", [(1, "a"), (2, "b"), (2, "b"), (3, "c")], LOG, Balance(3, 3, 3, 0, 1, 0)),
        ("heard late", [(2, "b"), (1, "a"), (3, "c")], LOG, Balance(3, 3, 3, 0, 0, 1)),
        ("heard something else", [(1, "a"), (2, "x"), (3, "c")], LOG, Balance(3, 3, 2, 1, 0, 0)),
        ("heard what was never kept", [*LOG, (4, "d")], LOG, Balance(3, 3, 3, 0, 1, 0)),
        ("acknowledged and not kept", [(1, "a"), (2, "b")], LOG[:2], Balance(3, 2, 2, 1, 0, 0)),
        ("kept under another number", LOG, [(1, "a"), (2, "c"), (3, "b")], Balance(3, 3, 1, 4, 0, 0)),
        ("kept twice", [*LOG, (4, "a")], [*LOG, (4, "a")], Balance(3, 4, 4, 0, 1, 0)),
        ("kept with a gap", [(1, "a"), (2, "b"), (4, "c")], [(1, "a"), (2, "b"), (4, "c")], Balance(3, 3, 3, 1, 0, 1)),
    ],
)
def test_each_fault_is_counted(
    what: str, heard: list[tuple[int, str]], log: list[tuple[int, str]], expected: Balance
) -> None:
    even = balance(books_with((0, heard)), log)

    assert (what, even) == (what, expected)
    assert not even.is_even


def test_one_who_heard_something_else_is_told_from_those_who_heard_alike() -> None:
    other = [(1, "a"), (2, "x"), (3, "c")]

    assert balance(books_with((0, LOG), (0, LOG), (0, other)), LOG) == Balance(3, 9, 8, 1, 0, 0)
    assert balance(books_with((0, other), (0, LOG), (0, LOG)), LOG) == Balance(3, 9, 8, 1, 0, 0)


def test_nothing_is_kept_for_a_delivery_that_is_as_it_should_be() -> None:
    book = Heard(7)
    for sequence in range(8, 5000):
        book.hear(sequence, sequence)

    assert (len(book.runs), book.last) == (2, 4999)
    assert book.has_heard(4999)
    assert not book.has_heard(5000)
    assert Heard(7).has_heard(7)


def test_the_books_of_another_process_are_the_same_after_their_way_through_json() -> None:
    books = books_with((0, LOG), (0, LOG), (0, [(1, "a"), (2, "x")]))
    books.errors, books.room = ["somebody was not heard"], "room"
    whole = Books()

    whole.take(json.loads(json.dumps(told_by(books, books.ears[0]))))

    assert whole == books


def test_a_reader_enters_what_it_has_read_before_for_everybody_alike() -> None:
    reader, frame = Reader({}), b'id: e-1\ndata: {"text":"hi #%s"}\n\nid: e-2\ndata: {"text":"of somebody"}\n\n'
    ours = b"0000000100000000000f4240"

    piece = reader.read(frame % ours)

    assert (piece.position, piece.is_row, piece.sent) == ("e-2", True, (1.0,))
    assert [sequence for sequence, _ in piece.entries] == [1, 2]
    assert reader.said[1] == ours.decode()
    assert reader.read(frame % ours) is piece
    assert reader.read(frame % ours.replace(b"1", b"2")).others == ((1, "0000000200000000000f4240"),)


def test_other_events_are_told_from_entries() -> None:
    reader = Reader({})

    assert reader.read(b'event: present\ndata: {"at":3}\n\n').is_present
    assert reader.read(b":\n\nevent: reset\ndata: {}\n\n").is_reset
    assert reader.read(b":\n\n") == Piece()
    assert reader.said == {}
