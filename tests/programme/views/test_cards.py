"""What pages of the programme say of themselves elsewhere, and their pictures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tertulia.design.cards import Card
from tertulia.programme.actions.schedule import import_schedule
from tertulia.programme.formats.schedule_json import parse
from tertulia.programme.models import Event, EventText, Session
from tertulia.project.worker import drain
from tests.factories import make_event, make_session
from tests.programme.schedules import as_bytes, small

pytestmark = pytest.mark.django_db
BASE = "http://127.0.0.1:8000"


@pytest.fixture
def event() -> Event:
    event = make_event("nights", "Small nights", days=2, zone="Europe/Lisbon")
    EventText.objects.create(event=event, language="es", title="Noches pequeñas", source_revision=1)
    return event


def told(client: Client, path: str) -> dict[str, str]:
    """What a page says of itself to other places."""
    page = client.get(path).content.decode()
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)">', page))


def card_of(client: Client, path: str) -> Card:
    card: Card = client.get(path).context["share"].card
    return card


def test_an_event_says_what_it_is(client: Client, event: Event) -> None:
    EventText.objects.filter(language="en").update(tagline="Two evenings & a night")
    said = told(client, "/events/nights/")
    picture = said.pop("og:image")
    assert re.fullmatch(rf"{BASE}/events/nights/card-[0-9a-f]{{20}}\.png", picture)
    assert said == {
        "og:site_name": "Tertulia",
        "og:type": "website",
        "og:url": f"{BASE}/events/nights/",
        "og:title": "Small nights",
        "og:description": "Two evenings &amp; a night",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "16–17 November 2021 · Small nights · Tertulia",
        "twitter:card": "summary_large_image",
    }
    answer = client.get(picture.removeprefix(BASE))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")


def test_a_page_names_itself_in_each_language(client: Client, event: Event) -> None:
    page = client.get("/es/events/nights/programme/?track=Justice").content.decode()
    assert re.findall(r'<link rel="canonical" href="([^"]+)">', page) == [f"{BASE}/es/events/nights/programme/"]
    assert re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page) == [
        ("en", f"{BASE}/events/nights/programme/"),
        ("es", f"{BASE}/es/events/nights/programme/"),
        ("ar", f"{BASE}/ar/events/nights/programme/"),
        ("x-default", f"{BASE}/events/nights/programme/"),
    ]
    assert told(client, "/events/nights/programme/")["og:title"] == "Programme of Small nights"


def test_a_card_is_in_the_language_of_the_page(client: Client, event: Event) -> None:
    spanish, arabic = card_of(client, "/es/events/nights/"), card_of(client, "/ar/events/nights/")
    assert (spanish.title, spanish.over, spanish.is_from_right) == (
        "Noches pequeñas",
        "16–17 de noviembre de 2021",
        False,
    )
    assert (arabic.title, arabic.title_language, arabic.language, arabic.is_from_right) == (
        "Small nights",
        "en",
        "ar",
        True,
    )


def test_a_session_has_its_first_time_and_a_dial_and_names_nobody(client: Client, event: Event) -> None:
    make_session(event, "Who asks?", slug="who-asks", hour=23, persons=("First Sample",))
    path = "/events/nights/sessions/who-asks/"
    card = card_of(client, path)
    assert (card.over, card.title, card.hour) == ("Small nights", "Who asks?", 23)
    assert card.under == "Tuesday, 16 November 2021 · Lisbon, 23:00"
    said = told(client, path)
    assert said["og:type"] == "article"
    assert [words for words in said.values() if "Sample" in words] == []
    answer = client.get(said["og:image"].removeprefix(BASE))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")


def test_a_session_without_a_time_has_a_card_without_a_dial(client: Client, event: Event) -> None:
    make_session(event, "Who asks?", slug="who-asks").slots.all().delete()
    card = card_of(client, "/events/nights/sessions/who-asks/")
    assert (card.under, card.hour) == ("", None)


def test_an_older_address_leads_to_the_newest(client: Client, event: Event) -> None:
    before = told(client, "/events/nights/")["og:image"].removeprefix(BASE)
    EventText.objects.filter(language="en").update(title="Long nights")
    after = told(client, "/events/nights/")["og:image"].removeprefix(BASE)
    answer = client.get(before)
    assert (answer.status_code, answer["Location"]) == (302, after)
    assert client.get("/es/events/nights/card-older.png")["Location"].startswith("/es/events/nights/card-")


def test_people_are_on_no_card(client: Client, event: Event) -> None:
    session = make_session(event, "Who asks?", persons=("First Sample",))
    person = session.credits.get().person
    page = client.get(f"/events/nights/contributors/{person.public_id}/").content.decode()
    assert (page.count("og:"), page.count('rel="canonical"'), page.count('content="noindex"')) == (0, 0, 1)


def test_what_never_was_or_is_no_longer_on_has_no_card(client: Client, event: Event) -> None:
    session = make_session(event, "Who asks?", slug="who-asks")
    picture = told(client, "/events/nights/sessions/who-asks/")["og:image"].removeprefix(BASE)
    assert client.get(picture).status_code == 200
    Session.objects.update(state=Session.State.WITHDRAWN)
    assert client.get(picture).status_code == 410
    assert told(client, "/events/nights/sessions/who-asks/") == {}
    assert client.get("/events/nights/sessions/nothing/card-x.png").status_code == 404
    assert client.get("/events/nothing/card-x.png").status_code == 404
    assert session.event == event


def test_pictures_of_sessions_go_with_what_they_showed(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.CARDS_FOLDER = tmp_path
    tree = small()
    import_schedule(parse(as_bytes(tree)))
    drain()
    sessions = list(Session.objects.order_by("source_id"))
    for session in sessions:
        path = f"/events/small-nights/sessions/{session.slug}/"
        assert client.get(told(client, path)["og:image"].removeprefix(BASE)).status_code == 200
    tree["schedule"]["conference"]["days"][0]["rooms"]["Main sky"].pop(0)
    import_schedule(parse(as_bytes(tree)))
    drain()
    # Those of sessions that stay may carry what was taken out of a title; they are drawn anew.
    assert list(tmp_path.glob("session-*")) == []
