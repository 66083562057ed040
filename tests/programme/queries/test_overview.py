"""What those who run events see of them at a glance."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tertulia.programme.models import Session
from tertulia.programme.queries.overview import Overview, events_overview
from tertulia.programme.queries.programme import airings_from_now
from tests.factories import make_event, make_room, make_session
from tests.factories.programme import make_slot

pytestmark = pytest.mark.django_db
TODAY = date(2021, 11, 20)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(2021, 11, 20, 12, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)


def only(slug: str) -> Overview:
    (found,) = (one for one in events_overview("en") if one.event.slug == slug)
    return found


def test_sessions_and_rooms_are_counted_apart() -> None:
    event = make_event("nights")
    first, second = make_room(event, "Main sky"), make_room(event, "The courtyard")
    twice = make_session(event, "Twice", first)
    make_slot(twice, datetime(2021, 11, 21, 9, tzinfo=UTC), second)
    make_session(event, "Some day").slots.all().delete()
    make_session(event, "Gone", state=Session.State.WITHDRAWN)
    make_session(make_event("other"), "Elsewhere")
    seen = only("nights")
    assert (seen.sessions, seen.without_time, seen.rooms) == (2, 1, 2)


def test_an_event_without_anything_has_nothing() -> None:
    make_event("bare")
    assert (only("bare").sessions, only("bare").without_time, only("bare").rooms) == (0, 0, 0)


@pytest.mark.parametrize(
    ("days", "told", "expected"),
    [
        (9, {}, (False, False)),
        (2, {}, (False, True)),
        (2, {"closed_on": TODAY}, (True, False)),
        (2, {"is_sample": True}, (False, False)),
    ],
)
def test_an_event_that_is_over_and_not_closed_is_left_open(
    days: int, told: dict[str, object], expected: tuple[bool, bool]
) -> None:
    event = make_event("nights", days=days)
    type(event).objects.update(**told)
    assert (only("nights").is_closed, only("nights").is_left_open) == expected


def test_what_is_on_stands_before_what_comes_and_what_was_is_left_out() -> None:
    day = datetime(2021, 11, 20, tzinfo=UTC)
    for slug, hours in (("one", (9, 12)), ("two", (11, 13)), ("closed", (12,))):
        event = make_event(slug)
        for hour in hours:
            slots = make_session(event, f"{slug} at {hour}").slots
            slots.update(starts_at=day + timedelta(hours=hour), ends_at=day + timedelta(hours=hour + 1))
        make_session(event, "Gone", hour=13, state=Session.State.WITHDRAWN)
        type(event).objects.filter(slug="closed").update(closed_on=TODAY)
    seen = [(airing.text.title, airing.is_on) for airing in airings_from_now("en")]
    assert seen == [("one at 12", True), ("two at 13", False)]
    assert [airing.text.title for airing in airings_from_now("en", limit=1)] == ["one at 12"]


def test_more_events_cost_no_more_queries() -> None:
    costs = []
    for _ in range(3):
        session = make_session(make_event(first_day=TODAY), "A panel", hour=20, track="Justice", session_type="Panel")
        session.texts.create(language="es", title="Una mesa", source_revision=1)
        with CaptureQueriesContext(connection) as queries:
            events_overview("es")
            shown = airings_from_now("es")
        costs.append((len(queries), len(shown)))
    assert [len_shown for _queries, len_shown in costs] == [1, 2, 3]
    assert costs[0][0] == costs[2][0]
