"""What goes when follows the models, the day of the close, and what is on the erasure list."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tertulia.kit.erasures import ErasureList
from tertulia.kit.sealing import KeyStore
from tertulia.live.actions import erase_talk, open_rooms
from tertulia.live.models import Room
from tertulia.people.actions import release_counts
from tertulia.people.counting.totals import Totals
from tertulia.people.models import Answered
from tertulia.people.rules import IDLE_MINUTES, STAY_DAYS
from tertulia.programme.actions.closing import clear_participations, close_what_is_over
from tertulia.programme.models import Event, Participation
from tertulia.programme.queries.going import Goes, as_file, closes_by_itself, goings_of
from tertulia.project.backup.days import HOUSE_DAYS, KEYS_DAYS
from tests.factories import let_in, make_account, make_event, make_room

pytestmark = pytest.mark.django_db
LONG_AGO = date(2021, 12, 1)
NOW = f"{datetime.now(UTC):%Y-%m}"


@pytest.fixture
def event() -> Event:
    """With somebody who is in, and a room."""
    event = make_event("nights")
    let_in(make_account(), event)
    make_room(event)
    open_rooms(event)
    return event


def closed(event: Event, on: date = LONG_AGO) -> Event:
    Event.objects.filter(pk=event.pk).update(closed_on=on)
    event.refresh_from_db()
    return event


def told(event: Event) -> dict[str, Goes]:
    return {one.name: one for one in goings_of(event)}


def test_before_the_close_there_are_days_and_no_dates(event: Event) -> None:
    dated = [one for one in goings_of(event) if one.days is not None]
    assert [(one.name, one.on, one.is_gone) for one in dated] == [
        ("names", None, False),
        ("talk", None, False),
        ("sums", None, False),
        ("answers", None, False),
        ("talk_in_copies", None, None),
        ("names_in_copies", None, None),
    ]


def test_after_the_close_each_has_the_day_that_its_model_says(event: Event) -> None:
    goes = {name: one.on and (one.on - LONG_AGO).days for name, one in told(closed(event)).items()}
    assert goes == {
        "names": Participation.retention.days,
        "talk": Room.retention.days,
        "sums": 0,
        "answers": Answered.retention.days,
        "talk_in_copies": Room.retention.days + KEYS_DAYS + 1,
        "names_in_copies": Participation.retention.days + HOUSE_DAYS + 1,
        "sessions": None,
        "way_back": None,
        "consents": None,
        "programme": None,
        "figures": None,
        "erasures": None,
    }


def test_what_went_is_gone_since_the_month_of_the_erasure_list(event: Event, settings: Any, tmp_path: Path) -> None:
    settings.ERASURES = ErasureList(tmp_path / "erasures", KeyStore(tmp_path / "keys"))
    closed(event)
    assert (told(event)["names"].is_gone, told(event)["talk"].is_gone) == (False, False)
    assert clear_participations() == 1
    erase_talk(Room.objects.get())
    first = date.fromisoformat(f"{NOW}-01")
    assert [(told(event)[name].is_gone, told(event)[name].gone_in) for name in ("names", "talk")] == [(True, first)] * 2
    settings.ERASURES.path.write_text(settings.ERASURES.path.read_text().replace("20", "19"))
    assert told(event)["names"].is_gone is True
    assert told(event)["names"].gone_in is None


def test_what_nobody_left_is_not_called_gone_before_its_day(event: Event) -> None:
    event.participations.all().delete()
    today = datetime.now(UTC).date()
    early, late = (closed(event, today - timedelta(days=days)) and told(event)["names"] for days in (29, 30))
    assert (early.is_gone, late.is_gone, late.gone_in) == (False, True, None)
    assert told(event)["answers"].is_gone is False


def test_half_an_hour_and_30_days_are_those_of_sessions(event: Event) -> None:
    assert "half an hour; on a device that you call your own, for 30 days" in told(event)["sessions"].ends
    assert (IDLE_MINUTES, STAY_DAYS) == (30, 30)


def test_sums_and_answers_are_gone_with_the_release(event: Event, settings: Any, tmp_path: Path) -> None:
    settings.COUNTING_FILE = tmp_path / "counting.sqlite3"
    Answered.objects.create(account=make_account(), scope=event.slug, question="country")
    closed(event)
    assert (told(event)["sums"].is_gone, told(event)["answers"].is_gone) == (False, False)
    Totals(settings.COUNTING_FILE).add(event.slug, {"country": {"PT": 40}})
    Totals(settings.COUNTING_FILE).end(event.slug, int(time.time()) - 3600)
    assert release_counts() == 1
    assert (told(event)["sums"].is_gone, told(event)["answers"].is_gone) == (True, True)


def test_the_day_on_which_it_closes_by_itself_is_the_day_on_which_it_does(time_machine: Any) -> None:
    event = make_event("nights", first_day=date(2021, 11, 16), days=9)
    Event.objects.update(programme_changed_at=datetime(2021, 11, 20, 23, 59, tzinfo=UTC))
    event.refresh_from_db()
    time_machine.move_to(datetime(2021, 11, 24, 12, tzinfo=UTC))
    closes = closes_by_itself(event)
    assert closes == date(2021, 12, 9)
    time_machine.move_to(datetime(2021, 12, 8, 23, 59, tzinfo=UTC))
    assert close_what_is_over() == 0
    time_machine.move_to(datetime(2021, 12, 9, 0, 1, tzinfo=UTC))
    assert close_what_is_over() == 1
    assert closes_by_itself(closed(event, closes)) is None


def test_a_late_change_of_the_programme_puts_it_off_and_no_day_is_in_the_past(event: Event) -> None:
    today = datetime.now(UTC).date()
    assert closes_by_itself(event) == today + timedelta(days=15)
    Event.objects.update(programme_changed_at=datetime(2021, 11, 20, tzinfo=UTC))
    event.refresh_from_db()
    assert closes_by_itself(event) == today
    event.is_sample = True
    assert closes_by_itself(event) is None


def test_the_file_says_the_same(event: Event, settings: Any, tmp_path: Path) -> None:
    settings.ERASURES = ErasureList(tmp_path / "erasures", KeyStore(tmp_path / "keys"))
    clear_participations()
    closed(event)
    clear_participations()
    said = as_file(event)
    assert (said["event"], said["closed"], said["closes_by_itself"]) == ("nights", "2021-12-01", None)
    assert said["goes"][0] == {
        "name": "names",
        "what": "The names that people chose here, and that they were in",
        "days_after_close": 30,
        "ends": "",
        "on": "2021-12-31",
        "is_gone": True,
        "gone_in": NOW,
    }
