"""What zones without a place are called."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest

from tertulia.kit.zones import fixed_offset, spoken_zone


@pytest.mark.parametrize(
    ("zone", "offset", "spoken"),
    [
        ("Etc/GMT-1", "UTC+1", "Etc/GMT-1 (UTC+1)"),
        ("Etc/GMT+5", "UTC-5", "Etc/GMT+5 (UTC-5)"),
        ("Etc/GMT-14", "UTC+14", "Etc/GMT-14 (UTC+14)"),
        ("Etc/GMT+0", "UTC", "Etc/GMT+0 (UTC)"),
        ("GMT", "UTC", "GMT (UTC)"),
        ("UTC", "UTC", "UTC"),
        ("Europe/Lisbon", "", "Europe/Lisbon"),
    ],
)
def test_a_zone_is_called_by_what_it_means(zone: str, offset: str, spoken: str) -> None:
    assert (fixed_offset(zone), spoken_zone(zone)) == (offset, spoken)


def test_every_zone_without_a_place_says_what_its_clocks_show() -> None:
    zones = [zone for zone in available_timezones() if zone.startswith("Etc/")]
    clocks = {zone: datetime(2021, 11, 16, tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset() for zone in zones}
    hours = {zone: round(ahead.total_seconds() / 3600) for zone, ahead in clocks.items() if ahead is not None}
    assert {zone: fixed_offset(zone) for zone in zones} == {
        zone: f"UTC{ahead:+d}" if ahead else "UTC" for zone, ahead in hours.items()
    }
