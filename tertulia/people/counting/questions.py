"""What is counted: each question, the answers it takes, and how its figures are released."""

from __future__ import annotations

from dataclasses import dataclass

from tertulia.kit.countries import COUNTRIES

# The first hour of each band of clocks, as an offset from UTC. Nobody is asked for theirs (docs/decisions/0010); the
# rule for bands that are put together is tried on them.
CLOCKS = (-12, -9, -6, -3, 0, 3, 6, 9)
GROUPS = ("2-5", "6-10", "11-20", "21-50", "51-")
SMALLEST_GROUP = 2
_GROUP_ENDS = (5, 10, 20, 50)


@dataclass(frozen=True)
class Question:
    """`answers` are all that it takes, in their order; `folds`: neighbours are put together until they are enough.

    `tells_how_many`: of how many different answers there was one is said as well.
    """

    name: str
    answers: tuple[str, ...]
    folds: bool = False
    tells_how_many: bool = False


QUESTIONS = {
    question.name: question
    for question in (
        Question("country", tuple(sorted(COUNTRIES)), tells_how_many=True),
        Question("clock", tuple(map(str, CLOCKS)), folds=True),
        Question("group", GROUPS),
    )
}
# What pages ask. Every release has a table of each, whether anybody answered or not: that there is a table must not
# tell. What nobody is asked has none, and is not counted.
ASKED = ("country", "group")


def group_of(people: int) -> str:
    """The band of a group of so many `people` at one screen; ValueError for one person, who is no group."""
    if people < SMALLEST_GROUP:
        raise ValueError("a group is two people or more")
    return GROUPS[sum(people > end for end in _GROUP_ENDS)]
