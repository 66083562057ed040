"""A long proof says what it tried, counts it, and succeeds only if everything held."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.prove._steps import Outcome, Unproved, prove

pytestmark = pytest.mark.parser


def holds() -> Iterator[Outcome]:
    """What is promised."""
    yield Outcome("first", True, "seen")


def fails() -> Iterator[Outcome]:
    """What is promised and not kept."""
    yield Outcome("second", True, "seen")
    raise Unproved("it was not there")


def does_nothing() -> Iterator[Outcome]:
    """What is promised and not tried."""
    return iter(())


STEPS = {"holds": holds, "fails": fails, "nothing": does_nothing}


@pytest.mark.parametrize(
    ("chosen", "code", "last"),
    [
        (["holds"], 0, "1 passed, 0 failed"),
        (["fails"], 1, "1 passed, 1 failed"),
        (["nothing"], 1, "0 passed, 1 failed"),
        (["fails", "holds"], 1, "2 passed, 1 failed"),
        ([], 1, "2 passed, 2 failed"),
    ],
)
def test_the_last_line_counts(chosen: list[str], code: int, last: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert prove("something", STEPS, chosen) == code
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_each_step_says_what_it_promises_and_what_it_saw(capsys: pytest.CaptureFixture[str]) -> None:
    prove("something", STEPS, ["fails"])
    assert capsys.readouterr().out.splitlines() == [
        "",
        "── fails: What is promised and not kept.",
        "passed second (0 s): seen",
        "FAILED fails (0 s): it was not there",
        "1 passed, 1 failed",
    ]


def test_an_unknown_step_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert prove("something", STEPS, ["holds", "other"]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "prove something: there is no other; there is holds, fails, nothing\n")
