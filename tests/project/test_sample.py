"""The sample festival is whole, well-formed, and says everywhere that it is a sample."""

from __future__ import annotations

import unicodedata
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tertulia.kit.names import chosen_name
from tertulia.live.queries import rooms_of
from tertulia.live.relay.entries import draft_message
from tertulia.people.actions import dismiss
from tertulia.people.models import Account, Person
from tertulia.programme.actions.texts import word_event
from tertulia.programme.formats.schedule_json import parse
from tertulia.programme.models import Event, Session, SessionText, Slot
from tertulia.programme.queries.texts import in_language, original
from tertulia.project.sample.festival import HERE, MOTTO, SLUG, festival, read
from tertulia.project.sample.folder import remember
from tertulia.project.sample.guests import organiser_link

pytestmark = pytest.mark.django_db
DAYS = [date(2021, 11, 16) + timedelta(days=number) for number in range(9)]
# A clock in each part of the world, and how many airings begin there between 8 and 22 o'clock at least.
GOOD_HOURS = {
    "America/Los_Angeles": 25,
    "America/Bogota": 25,
    "Europe/Warsaw": 30,
    "Africa/Nairobi": 30,
    "Asia/Kolkata": 30,
    "Asia/Jakarta": 25,
    "Pacific/Auckland": 20,
}


def airings() -> list[Slot]:
    return list(Slot.objects.select_related("session", "room").order_by("room__position", "starts_at"))


def test_the_file_is_taken_without_a_word() -> None:
    parsed = parse((HERE / "programme.json").read_bytes())
    assert (parsed.rejected, parsed.notes) == ((), ())


def test_nine_days_of_three_themes_in_four_rooms() -> None:
    event = festival()
    assert (event.slug, event.is_sample, event.zone) == (SLUG, True, "Europe/Lisbon")
    assert (event.starts_on, event.ends_on) == (DAYS[0], DAYS[-1])
    assert [(track.name, track.colour) for track in event.tracks.all()] == [
        ("Science", "teal"),
        ("Justice", "coral"),
        ("Pleasure", "marigold"),
    ]
    assert [room.name for room in event.rooms.all()] == ["Main sky", "The courtyard", "The cinema", "The small hours"]
    assert (event.sessions.count(), len(airings()), event.session_types.count()) == (43, 47, 12)


def test_every_day_room_theme_and_format_is_used() -> None:
    event = festival()
    slots = airings()
    assert sorted({slot.starts_at.date() for slot in slots}) == DAYS
    assert min(Counter(slot.starts_at.date() for slot in slots).values()) == 4
    for things in (event.tracks, event.session_types):
        assert [thing.name for thing in things.filter(sessions=None)] == []
    assert [room.name for room in event.rooms.filter(slots=None)] == []


def test_no_room_holds_two_sessions_at_once() -> None:
    festival()
    following = [(one, two) for one, two in pairwise(airings()) if one.room == two.room]
    assert len(following) == 47 - 4
    assert [(str(one.session), str(two.session)) for one, two in following if one.ends_at > two.starts_at] == []


def test_every_part_of_the_world_has_good_hours() -> None:
    festival()
    slots = airings()
    for zone, least in GOOD_HOURS.items():
        bright = [slot for slot in slots if 8 <= slot.starts_at.astimezone(ZoneInfo(zone)).hour <= 22]
        assert len(bright) >= least, zone


def test_sessions_speak_six_languages_and_no_text_is_empty() -> None:
    event = festival()
    spoken = Counter(Session.objects.values_list("language", flat=True))
    assert spoken == {"en": 29, "es": 4, "ar": 3, "pt": 3, "fr": 2, "ru": 2}
    assert [str(text) for text in SessionText.objects.all() if not (text.title and text.abstract)] == []
    assert [str(text) for text in event.texts.all() if not (text.title and text.tagline)] == []
    assert [person.name for person in Person.objects.all() if not person.biography] == []
    assert [str(session) for session in Session.objects.filter(credits=None)] == []


def test_translations_follow_the_present_original() -> None:
    event = festival()
    given = read("translations.json")["sessions"]
    for slug, languages in given.items():
        session = Session.objects.get(slug=slug)
        translated = {text.language for text in session.texts.exclude(source_revision=None)}
        assert translated == set(languages)
    for session in Session.objects.all():
        assert {text.source_revision for text in session.texts.all()} <= {None, original(session.texts.all()).revision}
    assert in_language(event.texts.all(), "ar").title == "تسع ليالٍ مفتوحة (نموذج)"
    assert len(given) == 16


def test_it_says_everywhere_that_it_is_a_sample(client: Client) -> None:
    festival()
    front = client.get("/").content.decode()
    assert f">{MOTTO}</h1>" in front
    assert "Sample content:" in front
    marks = {
        "/events/": "(sample)",
        f"/events/{SLUG}/": "Sample content:",
        f"/es/events/{SLUG}/": "Contenido de muestra:",
        f"/ar/events/{SLUG}/": "محتوى نموذجي:",
        f"/events/{SLUG}/programme/": "(sample)",
        f"/events/{SLUG}/sessions/the-door-at-six/": "(sample)",
    }
    for address, mark in marks.items():
        assert mark in client.get(address).content.decode(), address


def test_what_was_done_to_it_stays() -> None:
    event = festival()
    word_event(event, "en", "My own title")
    again = festival()
    assert again == event
    assert original(again.texts.all()).title == "My own title"
    assert (Event.objects.count(), Session.objects.count()) == (1, 43)


def test_the_conversation_fits_its_rooms() -> None:
    event = festival()
    messages = read("talk.json")
    assert [room.place.name for room in rooms_of(event)] == [room.name for room in event.rooms.all()]
    assert {message["room"] for message in messages} == {"Main sky", "The courtyard", "The small hours"}
    names = {message["name"] for message in messages}
    assert (len(messages), len(names)) == (32, 11)
    assert {chosen_name(name) for name in names} == names
    for number, message in enumerate(messages):
        draft = draft_message("room", "author", message["name"], {"id": f"sample-{number:03}", "text": message["text"]})
        assert draft.client_id == f"sample-{number:03}"
    letters = "".join(message["text"] for message in messages)
    scripts = {unicodedata.name(letter).split()[0] for letter in letters if letter.isalpha()}
    assert scripts == {"LATIN", "ARABIC", "CYRILLIC"}


def test_a_demo_whose_organiser_was_dismissed_lets_another_one_in(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    remember(tmp_path)
    for name in ("Demo organiser", "Demo organiser 2"):
        assert organiser_link() != organiser_link()
        organiser = Account.objects.get(pseudonym=name, is_active=True)
        assert organiser.sign_in_links.count() == 1
        dismiss(organiser)
    assert Account.objects.filter(is_active=True).count() == 0
