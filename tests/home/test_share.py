"""What the front page says of itself elsewhere."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tertulia.home.models import HomePage

pytestmark = pytest.mark.django_db
BASE = "http://127.0.0.1:8000"


def told(client: Client, path: str) -> dict[str, str]:
    page = client.get(path).content.decode()
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)">', page))


def test_a_new_house_says_its_name(client: Client) -> None:
    said = told(client, "/")
    assert (said["og:title"], said["og:url"], said["og:image:alt"]) == ("Tertulia", f"{BASE}/", "Tertulia")
    assert said["og:description"].startswith("Talk, poems, films and ideas")
    answer = client.get(said["og:image"].removeprefix(BASE))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")


def test_it_says_what_the_organisation_wrote(client: Client) -> None:
    HomePage.objects.update(motto="Nine nights", welcome="One line\nand another")
    said = told(client, "/es/")
    assert (said["og:title"], said["og:description"]) == ("Nine nights", "One line and another")
    assert (said["og:url"], said["og:image:alt"]) == (f"{BASE}/es/", "Nine nights · Tertulia")
    assert said["og:image"].startswith(f"{BASE}/es/card-")


def test_an_older_address_of_the_card_leads_to_the_newest(client: Client) -> None:
    answer = client.get("/card-older.png")
    assert (answer.status_code, BASE + answer["Location"]) == (302, told(client, "/")["og:image"])
