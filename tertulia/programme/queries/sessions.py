"""One session, and one contributor, as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from tertulia.people.models import Person
from tertulia.programme.models import Event, Session, SessionText
from tertulia.programme.queries.programme import Airing, airings_of
from tertulia.programme.queries.schedule import credits_with_persons
from tertulia.programme.queries.texts import in_language, original


@dataclass(frozen=True)
class SessionShown:
    """A session with its text in the reader's language, or else in its own, its people, and its times."""

    session: Session
    text: SessionText
    persons: list[Person]
    airings: list[Airing]
    is_behind: bool


def session_shown(event: Event, slug: str, language: str) -> SessionShown | None:
    """The session at that address, withdrawn ones too; None if there never was one.

    `is_behind`: the text is a translation of an older original.
    """
    found = Session.objects.filter(event=event, slug=slug).select_related("event", "track", "session_type")
    session = found.prefetch_related("texts", Prefetch("credits", credits_with_persons())).first()
    if session is None:
        return None
    text = in_language(session.texts.all(), language)
    first = original(session.texts.all())
    behind = text.source_revision is not None and text.source_revision < first.revision
    persons = [credit.person for credit in session.credits.all()]
    return SessionShown(session, text, persons, airings_of(session, text), behind)


def person_credited(event: Event, public_id: str) -> Person | None:
    """The person whom a confirmed session of the event credits, or None."""
    on = {"credits__session__event": event, "credits__session__state": Session.State.CONFIRMED}
    return Person.objects.filter(public_id=public_id, **on).distinct().first()
