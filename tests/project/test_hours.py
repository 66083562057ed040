"""The journal says how often something was asked within an hour, and never when somebody came."""

from __future__ import annotations

import logging

import pytest
from django.conf import LazySettings
from django.test import Client

from tertulia.programme.models import Participation
from tertulia.project.hours import Hours
from tertulia.project.middleware import ANSWERED
from tests.factories import make_event
from tests.ground.nursery import until

JOIN = "/events/nights/join/"
WREN = {"chosen_name": "Wren", "kind": "digits"}


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    ANSWERED.tell()


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log of pages says, without durations."""
    return [
        record.getMessage().partition(" in the hour")[0] for record in caplog.records if record.name == "tertulia.pages"
    ]


@pytest.mark.django_db
def test_nothing_is_told_when_somebody_comes_in(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    make_event("nights")
    with caplog.at_level(logging.INFO, "tertulia"):
        caplog.clear()
        client.get(JOIN)
        client.post(JOIN, WREN)
        client.get("/me/")
        assert (Participation.objects.count(), lines(caplog)) == (1, [])
        Client().get(JOIN)
        ANSWERED.tell()
    assert lines(caplog) == ["GET people:me 200, 1", "GET programme:join 200, 2", "POST programme:join 302, 1"]


@pytest.mark.django_db
def test_what_cannot_be_answered_is_told_at_once(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_asked: object) -> None:
        raise LookupError

    monkeypatch.setattr("tertulia.home.views.events_shown", fail)
    client.raise_request_exception = False
    with caplog.at_level(logging.INFO, "tertulia"):
        caplog.clear()
        assert client.get("/privacy/").status_code == 500
    fault, answered = lines(caplog)
    assert fault.startswith("LookupError at test_hours.py:")
    assert answered.split()[:3] == ["GET", "home:privacy", "500"]


@pytest.mark.django_db
def test_who_develops_sees_each_page(client: Client, caplog: pytest.LogCaptureFixture, settings: LazySettings) -> None:
    settings.DEBUG = True
    with caplog.at_level(logging.INFO, "tertulia"):
        caplog.clear()
        client.get("/privacy/")
    assert [" ".join(line.split()[:3]) for line in lines(caplog)] == ["GET home:privacy 200"]


@pytest.mark.parser
def test_an_hour_is_told_once_in_the_order_of_letters() -> None:
    said: list[str] = []
    hours = Hours(said.append)
    for what, took in (("b", 10.0), ("a", 5.0), ("b", 40.0)):
        hours.add(what, took)
    assert said == []
    hours.tell()
    hours.tell()
    assert said == [
        "a, 1 in the hour, 5 ms on average, 5 ms at most",
        "b, 2 in the hour, 25 ms on average, 40 ms at most",
    ]


@pytest.mark.parser
def test_when_the_hour_is_over_it_tells_by_itself_and_begins_anew() -> None:
    said: list[str] = []
    hours = Hours(said.append, seconds=0.02)
    for number in (1, 2):
        hours.add("a", 5.0)
        until(lambda number=number: len(said) >= number)
    assert said == ["a, 1 in the hour, 5 ms on average, 5 ms at most"] * 2
