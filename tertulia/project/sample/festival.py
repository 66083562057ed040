"""Builds the sample festival: programme, translations, rooms, and what the front page says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from tertulia.home.models import HomePage
from tertulia.live.actions import open_rooms
from tertulia.programme.actions.schedule import import_schedule
from tertulia.programme.actions.texts import translate_session, word_event
from tertulia.programme.formats.schedule_json import parse
from tertulia.programme.models import Event

HERE = Path(__file__).resolve().parent
SLUG = "nine-open-nights"
MOTTO = "A sample year, open to walk through"
WELCOME = (
    "Sample content: the network, its festival and everybody in it are invented. "
    "Come in under any name and write in the rooms; nothing leaves this machine."
)


def festival() -> Event:
    """The sample festival, built at the first call; what was done to it since then stays."""
    built = Event.objects.filter(slug=SLUG, is_sample=True).first()
    return built or build()


def build() -> Event:
    """Import the programme, translate some of it, open the rooms, publish the front page: all of it or nothing."""
    with transaction.atomic():
        import_schedule(parse((HERE / "programme.json").read_bytes()), SLUG, is_sample=True)
        event = Event.objects.get(slug=SLUG)
        _translate(event)
        open_rooms(event)
        _publish_front_page()
    return event


def read(name: str) -> Any:
    """One of the sample's own JSON files."""
    return json.loads((HERE / name).read_text("utf-8"))


def _translate(event: Event) -> None:
    texts = read("translations.json")
    for language, words in texts["event"].items():
        word_event(event, language, **words)
    sessions = {session.slug: session for session in event.sessions.select_related("event")}
    for slug, translations in texts["sessions"].items():
        for language, words in translations.items():
            translate_session(sessions[slug], language, words)


def _publish_front_page() -> None:
    page = HomePage.objects.first()
    if page is None:
        return
    page.motto, page.welcome = MOTTO, WELCOME
    page.save_revision().publish()
