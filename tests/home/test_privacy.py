"""The page that says what is known about people says what the models say."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tertulia.live.models import Room
from tertulia.people.rules import IDLE_MINUTES
from tertulia.programme.models import Participation

pytestmark = pytest.mark.django_db


def test_its_days_are_those_of_the_models(client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    told = re.findall(r'data-label="Until">(.*?)</td>', page)
    assert told == [
        "you keep a new one, or delete it",
        "you remove it, keep a new way back in, or delete it",
        f"{Participation.retention.days} days after the event is closed",
        f"{Room.retention.days} days after the event is closed",
        "the event is closed; then rounded numbers alone",
        "you take it back; that it ended, and in which month, stays",
        f"you leave, or {IDLE_MINUTES} minutes pass without you",
    ]


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
