"""The page of what goes when, as everybody reads it."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tertulia.live.actions import open_rooms
from tertulia.programme.models import Event
from tests.factories import let_in, make_account, make_event, make_room
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db
PLACE = "/events/nights/what-goes-when/"


@pytest.fixture(autouse=True)
def event() -> Event:
    """Where somebody is in, and a room is open."""
    event = make_event("nights", "Nine nights")
    let_in(make_account(), event)
    make_room(event)
    open_rooms(event)
    return event


def rows(page: Any) -> list[list[str]]:
    """The words of each row of the first table."""
    table = page.content.decode().split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in table.split("</tr>")[:-1]]
    return [[html.unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in row] for row in cells]


def test_before_the_close_it_counts_days(client: Client) -> None:
    page = client.get(PLACE)
    assert rows(page) == [
        ["The names that people chose here, and that they were in", "30 days after the event is closed", "Not yet"],
        ["What was said in the rooms, and the marks beside it", "30 days after the event is closed", "Not yet"],
        [
            "The exact sums of what is counted without names",
            "within twenty minutes after the event is closed",
            "Not yet",
        ],
        [
            "That somebody answered a question that is counted without names (usually sooner, with the sums)",
            "30 days after the event is closed",
            "Not yet",
        ],
        [
            "What was said, in sealed copies for emergencies",
            "37 days after the event is closed",
            "We cannot see it from here",
        ],
        ["Names, in sealed copies for emergencies", "61 days after the event is closed", "We cannot see it from here"],
    ]
    assert "This event is not closed yet." in page.content.decode()


def test_after_the_close_it_names_days(client: Client) -> None:
    Event.objects.update(closed_on=date(2021, 12, 1))
    page = client.get(PLACE)
    assert [row[1] for row in rows(page)][:2] == ["31 December 2021"] * 2
    assert "This event was closed on 1 December 2021." in page.content.decode()


def test_a_sample_says_that_it_stays_open(client: Client) -> None:
    Event.objects.update(is_sample=True)
    assert "This event is a sample and stays open." in client.get(PLACE).content.decode()


def test_the_file_stands_beside_it(client: Client) -> None:
    page = client.get(PLACE).content.decode()
    assert page.count('href="/events/nights/what-goes-when.json"') == 1
    answer = client.get("/events/nights/what-goes-when.json")
    assert json.loads(answer.content)["goes"][0]["name"] == "names"
    assert client.get("/events/none/what-goes-when.json").status_code == 404


def test_the_event_and_its_rooms_lead_to_it(client: Client, event: Event) -> None:
    inside = sign_in(client, event.participations.get().account)
    for address in ("/events/nights/", f"/live/{event.live_rooms.get().public_id}/"):
        assert inside.get(address).content.decode().count(f'href="{PLACE}"') == 1


@pytest.mark.parametrize("rooms", [1, 3])
def test_it_asks_as_often_for_many_rooms_as_for_one(
    rooms: int, client: Client, event: Event, django_assert_num_queries: Any
) -> None:
    for number in range(rooms):
        make_room(event, f"Room {number}")
    open_rooms(event)
    Event.objects.update(closed_on=date(2021, 12, 1))
    client.get(PLACE)
    with django_assert_num_queries(6):
        assert client.get(PLACE).status_code == 200
