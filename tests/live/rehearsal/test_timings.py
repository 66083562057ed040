"""Times are counted, and what was measured in several processes is one."""

from __future__ import annotations

import json

import pytest

from tertulia.live.rehearsal.measures import Measures, joined
from tertulia.live.rehearsal.timings import Timings


@pytest.mark.parametrize(("share", "expected"), [(0.5, 51.0), (0.99, 100.0), (1.0, 100.0)])
def test_percentiles_are_nearest_rank(share: float, expected: float) -> None:
    times = Timings()
    for number in range(1, 101):
        times.add(number / 1000 + 0.00001)

    assert times.percentile(share) == expected
    assert Timings().percentile(share) == 0.0


def test_measures_of_several_processes_are_joined_after_their_way_through_json() -> None:
    one, two = Measures(processor=0.4, worked=1), Measures(processor=0.2, waited=2)
    one.page("the door", 0.25)
    two.page("the door", 0.5)
    two.joins.add(1.5)

    whole = joined(Measures.heard(json.loads(json.dumps(each.told()))) for each in (one, two))

    assert whole.pages == {"the door": Timings({2500: 1, 5000: 1})}
    assert whole.joins == Timings({15_000: 1})
    assert (whole.processor, whole.worked, whole.waited) == (0.4, 1, 2)
