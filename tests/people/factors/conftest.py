"""A clock that stands, and limits that begin anew with each test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from pytest_django import Settings

from tertulia.kit.limits import Limit

SITE = "http://localhost"
NOON = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC)
LIMITS = ("WRONG_SIGN_INS", "ALL_WRONG_SIGN_INS", "CEREMONIES", "WRONG_CODES")


@pytest.fixture(autouse=True)
def _limits_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    from tertulia.people.actions import entering
    from tertulia.people.views import access, factors
    from tertulia.people.views import entering as doors

    anew: dict[str, Limit] = {}
    for place in (access, entering, factors, doors):
        for name in LIMITS:
            limit = getattr(place, name, None)
            if limit:
                monkeypatch.setattr(place, name, anew.setdefault(name, Limit(limit.most, limit.seconds, limit.places)))


@pytest.fixture(autouse=True)
def _named_site(settings: Settings) -> None:
    settings.ADDRESS = SITE


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Seconds after noon, until a test moves it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller
