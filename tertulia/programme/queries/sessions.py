"""One session, and one contributor, as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from tertulia.programme.models import Credit, Event, Session, SessionText
from tertulia.programme.queries.programme import Airing, airings_of
from tertulia.programme.queries.schedule import credits_with_persons, may_be_named
from tertulia.programme.queries.texts import in_language, original


@dataclass(frozen=True)
class Credited:
    """A person whom a session credits, as it may be shown: the name is empty once it was taken back."""

    public_id: str
    name: str


@dataclass(frozen=True)
class SessionShown:
    """A session with its text in the reader's language, or else in its own, its people, and its times."""

    session: Session
    text: SessionText
    persons: list[Credited]
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
    persons = [_credited(credit) for credit in session.credits.all()]
    return SessionShown(session, text, persons, airings_of(session, text), behind)


def person_credited(event: Event, public_id: str) -> Credit | None:
    """A credit of the person of that public name in a confirmed session of the event, with the person; or None."""
    on = {"session__event": event, "session__state": Session.State.CONFIRMED}
    return credits_with_persons().filter(person__public_id=public_id, **on).first()


def _credited(credit: Credit) -> Credited:
    return Credited(credit.person.public_id, credit.person.name if may_be_named(credit) else "")
