"""The end of an event, and what goes afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from tertulia.kit.errors import Gone, NotAllowed
from tertulia.people.actions import release_counts
from tertulia.people.queries import answered_at
from tertulia.programme.actions.closing import clear_participations, close_event, close_what_is_over
from tertulia.programme.actions.counting import say_where_from
from tertulia.programme.models import Event, Participation
from tertulia.project.commandline import main
from tests.factories import make_account
from tests.factories.programme import let_in, make_event

pytestmark = pytest.mark.django_db


def closed(days_ago: int) -> Event:
    event = make_event()
    Event.objects.filter(pk=event.pk).update(closed_on=timezone.now().date() - timedelta(days=days_ago))
    event.refresh_from_db()
    return event


def test_an_event_is_closed_once_on_the_day_it_is_asked_for() -> None:
    event = make_event()

    assert close_event(event) == timezone.now().date()
    assert Event.objects.get().closed_on == timezone.now().date()
    with pytest.raises(Gone):
        close_event(event)


def test_only_those_who_organise_it_close_it() -> None:
    event = make_event()

    with pytest.raises(NotAllowed):
        close_event(event, by=make_account("participant"))
    assert Event.objects.get().closed_on is None
    assert close_event(event, by=make_account("organiser")) == timezone.now().date()


def test_nobody_comes_in_to_a_closed_event(client: Client) -> None:
    event = closed(days_ago=0)

    page = client.get(f"/events/{event.slug}/join/")

    assert page.status_code == 410
    assert "Nobody can come in any more" in page.content.decode()
    assert client.post(f"/events/{event.slug}/join/", {"chosen_name": "Wren", "kind": "words"}).status_code == 410
    assert not Participation.objects.exists()
    assert "Come in</a>" not in client.get(f"/events/{event.slug}/").content.decode()


@pytest.mark.parametrize(
    ("ended", "changed", "is_sample", "closes"),
    [(15, 15, False, True), (14, 15, False, False), (15, 13, False, False), (400, 400, True, False)],
)
def test_what_nobody_closes_is_closed_two_weeks_after_its_end_and_its_last_change(
    ended: int, changed: int, is_sample: bool, closes: bool
) -> None:
    now = timezone.now()
    first_day = now.date() - timedelta(days=ended)
    event = make_event(days=1, first_day=first_day)
    changed_at = now - timedelta(days=changed)
    Event.objects.filter(pk=event.pk).update(programme_changed_at=changed_at, is_sample=is_sample)

    assert close_what_is_over() == int(closes)
    assert Event.objects.exclude(closed_on=None).count() == int(closes)


@pytest.mark.parametrize(("days_ago", "left"), [(29, 1), (30, 0), (31, 0)])
def test_who_was_in_is_forgotten_thirty_days_after_the_close(days_ago: int, left: int) -> None:
    let_in(make_account("participant"), closed(days_ago))
    let_in(make_account("participant"), make_event())

    assert clear_participations() == 1 - left
    assert Participation.objects.count() == 1 + left


def test_the_command_closes_and_refuses_with_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    event = make_event(slug="nights")

    assert main(["event", "close", "nights"]) == 0
    assert capsys.readouterr().out == f"nights is closed as of {date.today()}.\n"  # noqa: DTZ011 - the day here
    assert main(["event", "close", "nights"]) == 2
    assert capsys.readouterr().err == "tertulia: This event is closed already.\n"
    assert main(["event", "close", "days"]) == 2
    assert capsys.readouterr().err == "tertulia: there is no event called 'days'\n"
    event.refresh_from_db()
    assert event.closed_on


def test_who_answered_is_forgotten_with_them_though_the_figures_were_never_released(
    tmp_path: Path, settings: LazySettings
) -> None:
    settings.COUNTING_FILE = tmp_path / "counting.sqlite3"
    event, other, left = make_event(), make_event(), make_event()
    for one in (event, other):
        account = make_account()
        say_where_from(let_in(account, one), "NP")
    say_where_from(let_in(account, left), "NP")
    left.participations.all().delete()
    for one in (event, left):
        close_event(one)
        Event.objects.filter(pk=one.pk).update(closed_on=timezone.now().date() - timedelta(days=30))
    settings.COUNTING_FILE.unlink()

    assert (release_counts(), clear_participations(), answered_at()) == (0, 1, {other.slug})
    assert clear_participations() == 0
