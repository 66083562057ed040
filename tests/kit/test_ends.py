"""Ends are full minutes, hours and days, and later than what they are made of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tertulia.kit.ends import DAY, HOUR, MINUTE, next_full

pytestmark = pytest.mark.parser


@pytest.mark.parametrize(
    ("unit", "moment", "end"),
    [
        (MINUTE, datetime(2026, 11, 22, 23, 59, 59, 999_999, UTC), datetime(2026, 11, 23, tzinfo=UTC)),
        (MINUTE, datetime(2026, 11, 22, 23, 58, tzinfo=UTC), datetime(2026, 11, 22, 23, 59, tzinfo=UTC)),
        (HOUR, datetime(2026, 11, 22, 8, 0, 1, tzinfo=UTC), datetime(2026, 11, 22, 9, tzinfo=UTC)),
        (
            HOUR,
            datetime(2026, 11, 22, 8, 15, tzinfo=timezone(timedelta(hours=5, minutes=30))),
            datetime(2026, 11, 22, 3, tzinfo=UTC),
        ),
        (DAY, datetime(2026, 11, 22, 0, 0, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)),
        (DAY, datetime(2026, 12, 31, 15, 0, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_an_end_is_the_next_full_one(unit: timedelta, moment: datetime, end: datetime) -> None:
    assert next_full(unit, moment) == end
