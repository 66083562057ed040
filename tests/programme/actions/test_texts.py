"""Events and sessions speak further languages, and each text knows which state of the original it follows."""

from __future__ import annotations

import pytest

from tertulia.kit.errors import Invalid, NotAllowed
from tertulia.programme.actions.texts import translate_session, word_event
from tertulia.programme.models import Event, Session
from tertulia.programme.queries.texts import in_language
from tests.factories import make_account, make_event, make_session

pytestmark = pytest.mark.django_db


def texts(owner: Event | Session) -> list[tuple[str, str, int, int | None]]:
    """Language, title, revision and followed revision of each text, by language."""
    rows = owner.texts.order_by("language")
    return [(row.language, row.title, row.revision, row.source_revision) for row in rows]


def test_a_change_of_the_original_counts_and_a_translation_notes_what_it_follows() -> None:
    event = make_event(title="Nights")
    word_event(event, "es", " Noches ", "Una frase")
    word_event(event, "en", "Open nights", "A sentence")
    word_event(event, "en", "Open nights", "A sentence")
    word_event(event, "ar", "ليالٍ")
    assert texts(event) == [("ar", "ليالٍ", 1, 2), ("en", "Open nights", 2, None), ("es", "Noches", 1, 1)]
    assert in_language(event.texts.all(), "es").tagline == "Una frase"


def test_a_session_is_translated_and_translated_again() -> None:
    session = make_session(make_event(), "A panel")
    translate_session(session, "es", {"title": "Una mesa", "abstract": "Corto."})
    text = translate_session(session, "es", {"title": "La mesa", "subtitle": "Hoy"})
    assert (text.title, text.subtitle, text.abstract, text.description) == ("La mesa", "Hoy", "", "")
    assert texts(session) == [("en", "A panel", 1, None), ("es", "La mesa", 1, 1)]


def test_readers_of_the_programme_learn_that_it_changed() -> None:
    event = make_event()
    before = event.programme_changed_at
    session = make_session(event)
    translate_session(session, "es", {"title": "Una mesa"})
    event.refresh_from_db()
    assert event.programme_changed_at > before


@pytest.mark.parametrize(
    ("language", "words", "where"),
    [
        ("en", {"title": "Another panel"}, "language"),
        ("", {"title": "Una mesa"}, "language"),
        ("e" * 36, {"title": "Una mesa"}, "language"),
        ("es", {"title": "  "}, "title"),
        ("es", {"abstract": "Sin título"}, "title"),
        ("es", {"title": "m" * 301}, "title"),
        ("es", {"title": "Una mesa", "subtitle": "s" * 301}, "subtitle"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(language: str, words: dict[str, str], where: str) -> None:
    session = make_session(make_event(), "A panel")
    with pytest.raises(Invalid) as refusal:
        translate_session(session, language, words)
    assert refusal.value.where == where
    assert texts(session) == [("en", "A panel", 1, None)]


@pytest.mark.parametrize(
    ("language", "title", "tagline", "where"),
    [
        ("en", "", "", "title"),
        ("es", "t" * 201, "", "title"),
        ("es", "Noches", "l" * 301, "tagline"),
        ("", "Noches", "", "language"),
    ],
)
def test_an_event_is_not_called_just_anything(language: str, title: str, tagline: str, where: str) -> None:
    event = make_event(title="Nights")
    with pytest.raises(Invalid) as refusal:
        word_event(event, language, title, tagline)
    assert refusal.value.where == where
    assert texts(event) == [("en", "Nights", 1, None)]


@pytest.mark.parametrize("role", ["participant", "organiser", "administrator"])
def test_who_organises_may_write(role: str) -> None:
    session, by = make_session(make_event()), make_account(role)
    if role == "participant":
        with pytest.raises(NotAllowed):
            word_event(session.event, "es", "Noches", by=by)
        with pytest.raises(NotAllowed):
            translate_session(session, "es", {"title": "Una mesa"}, by=by)
    else:
        assert word_event(session.event, "es", "Noches", by=by).title == "Noches"
        assert translate_session(session, "es", {"title": "Una mesa"}, by=by).title == "Una mesa"
