"""What may be said of a count: the one rule by which figures leave this house.

No figure says whether somebody was there. A number is kept back by a lot of 1 to 10 that nobody ever learns; what is
then left of 10 people and fewer is hidden and looks like nobody, the rest is rounded to 5. So:

- 11 and fewer are always hidden, 21 and more are always shown, and what is shown is off by 7 at most;
- who knows everybody but one, or sends people of their own up to the edge, guesses from a figure whether that one is
  in it in 55 of 100 cases at best, where a coin gives 50; ten of their own tell them nothing;
- each hidden answer may be nobody's. A total says no more than could be with any of them at nobody, and how many
  different answers there were, which is exact, is said only while most of those hidden may be nobody's.

Lots are drawn once: a release is made once and never again (tertulia/people/actions/counting.py).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tertulia.people.counting.questions import Question

MOST_HIDDEN = 10
STEP = 5
SMALLEST_LOT, LARGEST_LOT = 1, 10
# What a lot takes away on average, so that rounding down gives what was there.
_BACK = 7
# A hidden number is no larger than this, and what is shown as `n` was no larger than `n + _ABOVE`.
LARGEST_HIDDEN = MOST_HIDDEN + LARGEST_LOT
_ABOVE = LARGEST_LOT + STEP - 1 - _BACK

Lot = Callable[[], int]


@dataclass(frozen=True)
class Release:
    """What is published of one question: `cells` of what is shown, in the order of its answers.

    `total` of all answers, hidden ones too, and `different` answers; None where nothing is said.
    """

    cells: dict[str, int] = field(default_factory=dict)
    total: int | None = None
    different: int | None = None


def draw() -> int:
    """A lot."""
    return secrets.choice(range(SMALLEST_LOT, LARGEST_LOT + 1))


def released(question: Question, counted: Mapping[str, int], lot: Lot = draw) -> Release:
    """What may be published of a `question` to which each answer was given as often as was `counted`."""
    numbers = [counted.get(answer, 0) for answer in question.answers]
    cells = _folded(numbers, lot) if question.folds else _each(question, numbers, lot)
    hidden = len(numbers) - len(cells)
    # What was folded is all there is; a second figure for the same people would say more.
    total = sum(cells.values()) or None if question.folds else _total(sum(numbers), cells, hidden, lot)
    different = _different(numbers, len(cells), total) if question.tells_how_many else None
    return Release(cells, total, different)


def rounded(number: int, lot: Lot = draw) -> int | None:
    """A `number` of people as it may be shown: kept back by a lot and rounded; None if it is hidden."""
    # Nobody is drawn for: no lot could show them.
    left = number - (lot() if number > MOST_HIDDEN else number)
    return None if left <= MOST_HIDDEN else _down(left + _BACK)


def _each(question: Question, numbers: Sequence[int], lot: Lot) -> dict[str, int]:
    shown = ((answer, rounded(number, lot)) for answer, number in zip(question.answers, numbers, strict=True))
    return {answer: number for answer, number in shown if number is not None}


def _total(number: int, cells: Mapping[str, int], hidden: int, lot: Lot) -> int | None:
    """The total, which is never less than what is shown, nor more than could be with one of the hidden at nobody."""
    shown, total = sum(cells.values()), rounded(number, lot)
    if total is None:
        return shown or None
    if hidden:
        largest = rounded(shown + _ABOVE * len(cells) + LARGEST_HIDDEN * (hidden - 1), lambda: SMALLEST_LOT)
        if largest is None:
            return None
        total = min(total, largest)
    return max(total, shown)


def _different(numbers: Sequence[int], shown: int, total: int | None) -> int | None:
    """How many different answers were given; None where most of what is hidden, or all, would be somebody."""
    different = sum(number > 0 for number in numbers)
    hidden = len(numbers) - shown
    is_safe = total is not None and hidden > LARGEST_HIDDEN and 2 * (different - shown) <= hidden
    return different if is_safe else None


def _folded(numbers: Sequence[int], lot: Lot, first: int = 0) -> dict[str, int]:
    """Halves of halves, as long as both are shown; all of it as one where they are not; nothing where that is hidden.

    A band that is not divided says of neither of its halves that somebody is in it.
    """
    whole = rounded(sum(numbers), lot)
    if whole is None:
        return {}
    middle = len(numbers) // 2
    if middle:
        halves = [_folded(numbers[:middle], lot, first), _folded(numbers[middle:], lot, first + middle)]
        if all(halves):
            return halves[0] | halves[1]
    return {f"{first}+{len(numbers)}": whole}


def _down(number: int) -> int:
    return number // STEP * STEP
