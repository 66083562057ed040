"""The page that says what is known about people says what the models say."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tertulia.live.models import Room
from tertulia.people.rules import IDLE_MINUTES, STAY_DAYS
from tertulia.programme.models import Participation
from tertulia.project.backup.days import HOUSE_DAYS, KEYS_DAYS
from tertulia.project.backup.shelf import MOST_DAYS
from tests.factories import make_event

pytestmark = pytest.mark.django_db


def test_its_days_are_those_of_the_models(client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    names, talk = Participation.retention.days, Room.retention.days
    told = re.findall(r'data-label="Until">(.*?)</td>', page)
    assert told == [
        "you make a new one, or delete your place; if you never come back, it stays",
        f"{names} days after the event is closed, or you delete it; on what you wrote it stays until that goes",
        f"you leave, or {IDLE_MINUTES} minutes pass without you",
        f"you leave, or {STAY_DAYS} days pass without you",
        f"you delete it, or {talk} days after the event is closed",
        "its time is over, or what was said is erased",
        "the event is closed; then rounded numbers alone",
        "you remove it, keep a new way back in, or delete it",
        "ten minutes have passed, or a few more",
        "a day has passed, or the server starts anew",
        "you take it back; that it ended, and in which month, stays",
        "you take it back",
        "nothing here speaks of you any more",
    ]
    around = "".join(re.split(r"<table>.*</table>", page, flags=re.DOTALL))
    days = [int(number) for number in re.findall(r"(\d+) days (?:after the event is closed|after it|ago)\b", around)]
    assert days == [names, names, talk]


def test_one_rule_says_how_long_copies_outlast_what_is_gone(client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    assert re.findall(r"stays in sealed copies for (\d+) days more", page) == [str(HOUSE_DAYS + 1)]
    assert re.findall(r"words of a room that is erased go from them sooner, after (\d+) days", page) == [
        str(KEYS_DAYS + 1)
    ]
    assert page.count("can read what is already gone here, for the days that stand below.") == 1
    assert MOST_DAYS == HOUSE_DAYS


def test_it_says_how_long_the_line_of_a_session_outlasts_it_as_what_goes_when_does(client: Client) -> None:
    page, event = client.get("/privacy/").content.decode(), make_event()
    going = client.get(f"/events/{event.slug}/what-goes-when/").content.decode()
    assert "with the day after your last visit; the line goes up to two days after that visit." in page
    assert "was last here in that week; the line goes up to eight days after the end" in page
    assert "the line itself goes up to two days later, on such a device up to eight" in going
    assert "That it ended stays, with the month." in going


def test_what_one_said_in_a_room_one_takes_back_there(client: Client) -> None:
    page = " ".join(client.get("/privacy/").content.decode().split())
    assert "What you said in a room: you delete each message there, and its words go at once." in page


def test_it_says_that_a_mark_of_a_name_stays(client: Client) -> None:
    rows = re.findall(r"<tr>.*?</tr>", client.get("/privacy/").content.decode(), re.DOTALL)
    said = [row for row in rows if "A mark of a name that you took back" in row]
    assert len(said) == 1
    assert "whoever has both can try names against it" in said[0]


def test_it_says_what_is_seen_taken_taken_back_and_not_promised(client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    assert re.findall(r'<h2 id="[a-z-]+">(.*?)</h2>', page) == [
        "What we ask",
        "What we never know",
        "Who can see that you are here",
        "What is kept when you come in, and until when",
        "If the police, or anybody else, takes the server",
        "What you can take back",
        "What we cannot promise",
    ]


@pytest.mark.parametrize("number", [1, 3, 6])
def test_it_leads_to_the_days_of_the_latest_events(number: int, client: Client, django_assert_num_queries: Any) -> None:
    for year in range(number):
        make_event(f"nights-{year}", first_day=date(2020 + year, 11, 16))
    client.get("/privacy/")
    with django_assert_num_queries(2):
        page = client.get("/privacy/").content.decode()
    latest = [f"/events/nights-{year}/what-goes-when/" for year in range(number)][::-1][:5]
    assert re.findall(r'href="(/events/[^"]+/what-goes-when/)"', page) == latest


@pytest.mark.parametrize(("prefix", "label"), [("", "What we know about you"), ("/es", "Qué sabemos de ti")])
def test_every_page_leads_to_it_at_its_foot(prefix: str, label: str, client: Client) -> None:
    page = client.get(f"{prefix}/events/").content.decode()
    head, foot = page.split("<main", 1)
    assert head.count(f'href="{prefix}/privacy/"') == 0
    assert foot.count(f'<a href="{prefix}/privacy/">{label}</a>') == 1


def test_it_leaves_nothing_in_the_browser(client: Client) -> None:
    response = client.get("/privacy/")
    assert response.status_code == 200
    assert response.cookies == {}
