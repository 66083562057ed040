"""Words of people, sent along every path that goes wrong, and looked for in everything that was written down."""

from __future__ import annotations

from collections.abc import Iterator

from tests.deploy.breaking import Wrongs
from tests.deploy.careless import CarelessHouse
from tests.deploy.house import NGINX, Apart
from tests.prove._steps import Outcome, Unproved

ROUNDS = 40
LOGS = "logs, queue and terminal"


def canaries() -> Iterator[Outcome]:
    """Whatever goes wrong, no word and no address of people is written down; where one is careless they are found."""
    if not NGINX:
        raise Unproved("nginx is not installed")
    with Apart(**Wrongs.SETTINGS) as house:
        wrongs = Wrongs.all_of(house)
        refused = sum(wrongs.refuse_requests() for _round in range(ROUNDS))
        answers, kept = wrongs.answers(), wrongs.kept()
    yield Outcome("paths", answers == Wrongs.ANSWERS, f"{refused} requests refused; {answers}")
    yield Outcome("words", kept == {}, f"found in {LOGS}: {kept or 'none of them'}")
    with CarelessHouse(**Wrongs.SETTINGS) as house:
        kept = Wrongs.all_of(house).kept()
    where = ", ".join(kept)
    yield Outcome("a careless house", {"queue", "postgresql", "web.log"} <= kept.keys(), f"found in {where}")
