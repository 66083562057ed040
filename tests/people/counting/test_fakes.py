"""Ten accounts of one's own tell nothing about the eleventh person; thirty tell hardly more."""

from __future__ import annotations

import pytest

from tertulia.people.counting.disclosure import released
from tests.people.counting.fakes import COUNTRY, OTHERS, WATCHED, hits
from tests.people.counting.naive import exact, to_five

TRIALS = 600
# One lot in ten changes with one person: right in 55 of 100 cases at best, where a coin gives 50. 61 more for luck,
# which is so kind once in ten million.
MOST_BY_ONE_FIGURE = 391
# The person is missing elsewhere, so that two figures change: 59.5 of 100.
MOST_BY_TWO_FIGURES = 418


def test_ten_accounts_tell_nothing_about_the_eleventh_person() -> None:
    ten, eleven = (OTHERS | {WATCHED: number} for number in (10, 11))
    assert {released(COUNTRY, crowd).cells.get(WATCHED) for crowd in (ten, eleven) for _ in range(200)} == {None}
    # What is left is the figure of the country where the person otherwise is.
    assert hits(released, 10, TRIALS, seed=10) <= MOST_BY_ONE_FIGURE


@pytest.mark.parametrize("naive", [exact, to_five])
def test_of_a_naive_release_ten_accounts_tell_it_every_time(naive: object) -> None:
    assert hits(naive, 10, TRIALS, seed=1) == TRIALS  # type: ignore[arg-type]


@pytest.mark.parametrize("fakes", [1, 9, 11, 14, 20, 22, 30])
def test_more_accounts_tell_hardly_more(fakes: int) -> None:
    assert hits(released, fakes, TRIALS, seed=fakes) <= MOST_BY_TWO_FIGURES


def test_rounding_alone_would_tell_at_each_edge() -> None:
    assert hits(to_five, 22, TRIALS, seed=2) == TRIALS


def test_the_number_of_countries_is_exact_and_tells_who_knows_everybody_else() -> None:
    """What SECURITY.md does not promise: the one person from a country, to whoever knows where all others were."""
    assert hits(released, 0, TRIALS, seed=3) == TRIALS
