"""What is published, and that no equation over it leads to a number of 1 to 10."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product

import pytest

from tertulia.people.counting import disclosure
from tertulia.people.counting.disclosure import Release, released, rounded
from tertulia.people.counting.questions import QUESTIONS, Question, group_of
from tests.people.counting.attacker import EXACT, OURS
from tests.people.counting.equations import attack
from tests.people.counting.naive import exact
from tests.people.counting.populations import crowds, few

CROWDS = 10_000
ENOUGH_TO_SEE = 1_000
LOTS = range(1, 11)


@cache
def outcomes(number: int) -> set[int | None]:
    """All that can be shown of a number."""
    return {rounded(number, lambda lot=lot: lot) for lot in LOTS}  # type: ignore[misc]


def test_ten_and_fewer_look_like_nobody_and_so_does_eleven() -> None:
    assert [outcomes(number) for number in range(12)] == [{None}] * 12


def test_from_twenty_one_on_everybody_is_shown_and_near() -> None:
    for number in range(21, 400):
        shown = outcomes(number)
        assert None not in shown
        assert all(one is not None and one % 5 == 0 and -7 <= one - number <= 6 for one in shown)


def test_between_them_a_lot_decides() -> None:
    assert [number for number in range(30) if len(outcomes(number)) > 1 and None in outcomes(number)] == [
        *range(12, 21)
    ]
    assert (min(one or 99 for one in outcomes(12)), outcomes(21)) == (15, {15, 20, 25})


def test_one_more_or_less_changes_one_lot_in_ten() -> None:
    for number in range(200):
        less, more = ([rounded(number + one, lambda lot=lot: lot) for lot in LOTS] for one in (0, 1))  # type: ignore[misc]
        assert (
            sum(less.count(shown) - more.count(shown) for shown in set(less) if less.count(shown) > more.count(shown))
            <= 1
        )


def test_numbers_are_right_on_average() -> None:
    for number in range(30, 60):
        shown = [rounded(number, lambda lot=lot: lot) or 0 for lot in LOTS]  # type: ignore[misc]
        assert -1 <= sum(shown) / 10 - number <= 0


def test_lots_are_drawn_from_one_to_ten_and_never_alike() -> None:
    drawn = [disclosure.draw() for _ in range(2000)]
    assert set(drawn) == set(LOTS)
    assert max(drawn.count(lot) for lot in LOTS) < 300


def always(lot: int) -> Callable[[], int]:
    return lambda: lot


def test_a_release_of_countries() -> None:
    counted = {"PT": 301, "BR": 88, "NP": 8, "UY": 11, "TD": 1}
    told = released(QUESTIONS["country"], counted, always(4))
    assert told == Release({"BR": 90, "PT": 300}, 410, 5)


def test_nobody_and_few_look_the_same() -> None:
    for question in QUESTIONS.values():
        nobody = released(question, {})
        few_answers = released(question, dict.fromkeys(question.answers[:2], 5))
        assert nobody == few_answers == Release()


def test_a_total_is_never_less_than_what_is_shown() -> None:
    chance = random.Random(5)
    for _ in range(2000):
        told = released(few(3), {answer: chance.randint(0, 40) for answer in "abc"})
        assert told.total is None or told.total >= sum(told.cells.values())
        assert not told.cells or told.total


def test_how_many_countries_is_said_only_where_most_may_be_nobody() -> None:
    country = QUESTIONS["country"]
    many = dict.fromkeys(country.answers, 1)
    half = dict.fromkeys(country.answers[:125], 1)
    assert released(country, many).different is None
    assert released(country, half).different == 125
    assert released(few(6), dict.fromkeys("ab", 40)).different is None
    # The total is hidden, and so is that at least two people answered.
    assert released(country, {"PT": 1, "NP": 1}).different is None


def test_clocks_are_put_together_until_they_are_enough() -> None:
    clock = QUESTIONS["clock"]
    clocks = dict(zip(clock.answers, (3, 40, 80, 30, 200, 100, 12, 9), strict=True))
    told = released(clock, clocks, always(5))
    # The first two stay together, for three people are in one of them; so do the last two.
    assert told.cells == {"0+2": 45, "2+1": 80, "3+1": 30, "4+1": 200, "5+1": 100, "6+2": 20}
    assert told.total == 475
    assert released(clock, {"0": 11}, always(1)) == Release()
    assert released(clock, {"0": 30, "3": 3}, always(1)).cells == {"0+8": 35}


def test_groups_have_their_bands() -> None:
    sizes = [2, 5, 6, 10, 11, 20, 21, 50, 51, 4000]
    assert [group_of(people) for people in sizes] == ["2-5"] * 2 + ["6-10"] * 2 + ["11-20"] * 2 + ["21-50"] * 2 + [
        "51-"
    ] * 2
    with pytest.raises(ValueError, match="two people"):
        group_of(1)


Output = tuple[tuple[int | None, ...], int | None]


def outputs(numbers: tuple[int, ...]) -> Iterator[Output]:
    """Everything that may be published of these numbers, over all lots."""
    answers = "abc"[: len(numbers)]
    for shown in product(*map(outcomes, numbers)):
        cells = {answer: one for answer, one in zip(answers, shown, strict=True) if one is not None}
        hidden = len(numbers) - len(cells)
        for lot in LOTS:
            yield shown, disclosure._total(sum(numbers), cells, hidden, always(lot))


@pytest.mark.parametrize(("answers", "most"), [(1, 60), (2, 40), (3, 25)])
def test_whatever_is_published_each_hidden_answer_may_be_nobodys(answers: int, most: int) -> None:
    """All small tables there are: the attacker knows the rule whole, and tries every number in every place."""
    published: dict[Output, list[bool]] = {}
    for numbers in product(range(most + 1), repeat=answers):
        for output in set(outputs(numbers)):
            may_be_nobody = published.setdefault(output, [False] * answers)
            for place, number in enumerate(numbers):
                may_be_nobody[place] |= number == 0
    # At the rim some worlds were not tried: what holds numbers that large is left out.
    inside = [output for output in published if all(one is None or one <= most - 8 for one in output[0])]
    assert len(inside) > answers * 3
    assert [
        output
        for output in inside
        for one, may in zip(output[0], published[output], strict=True)
        if one is None and not may
    ] == []


def test_a_band_that_is_not_divided_tells_of_neither_half() -> None:
    """The same for two bands of clocks that may be put together: every crowd of up to 40."""
    published: dict[tuple[str, int], list[bool]] = {}
    pair = Question("clock", ("0", "3"), folds=True)
    for first, second in ((first, whole - first) for whole in range(41) for first in range(whole + 1)):
        for lots in product(LOTS, (1, 10), (1, 10)):
            cells = released(pair, {"0": first, "3": second}, iter(lots).__next__).cells
            if len(cells) < 2:
                may_be_nobody = published.setdefault(next(iter(cells.items()), ("", 0)), [False, False])
                may_be_nobody[0] |= first == 0
                may_be_nobody[1] |= second == 0
    # What may have been more than 40 is left out.
    inside = {band: may for band, may in published.items() if band[1] <= 32}
    assert set(inside) == {("", 0), ("0+2", 15), ("0+2", 20), ("0+2", 25), ("0+2", 30)}
    assert list(inside.values()) == [[True, True]] * 5


def test_no_equation_leads_to_a_number_of_one_to_ten() -> None:
    found = attack(crowds(2021, CROWDS), released, OURS)
    assert found.there > CROWDS
    assert (found.recovered, found.shown) == (0, 0)


def test_of_a_naive_release_equations_tell_many() -> None:
    found = attack(crowds(2021, ENOUGH_TO_SEE), exact, EXACT)
    assert found.recovered > 100


def test_without_its_cap_a_total_would_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disclosure, "_ABOVE", 10**6)
    monkeypatch.setattr(disclosure, "LARGEST_HIDDEN", 10**6)
    found = attack(crowds(2021, ENOUGH_TO_SEE), released, OURS)
    assert found.recovered > 0
