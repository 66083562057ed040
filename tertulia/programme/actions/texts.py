"""What events and sessions say of themselves, in the language of their original and in others."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tertulia.kit.errors import Invalid, NotAllowed
from tertulia.kit.facts import announce
from tertulia.people.models import Account
from tertulia.programme.facts import EventWorded, SessionTranslated
from tertulia.programme.models import Event, EventText, Session, SessionText
from tertulia.programme.queries.texts import original
from tertulia.programme.queries.withheld import Withholding, withholding_of
from tertulia.programme.rules import can_edit_programme

_WORDS = ("title", "subtitle", "abstract", "description")


def word_event(event: Event, language: str, title: str, tagline: str = "", by: Account | None = None) -> EventText:
    """Write the event's title (1 to 200 characters) and tagline (up to 300) in `language`, a BCP 47 tag.

    A change of the original counts as a revision of it; any other language notes the revision it was made from.
    Names that were taken back are left out. `by` None is the operator at the machine. NotAllowed if `by` does not
    organise the event; Invalid at `title`, `tagline` or `language` for what is empty or too long.
    """
    _refuse(event, by)
    given = {"title": title, "tagline": tagline}
    with transaction.atomic():
        withholding = _held(event)
        words = {name: _fitting(EventText, name, withholding.of_text(text, language)) for name, text in given.items()}
        first = original(event.texts.select_for_update())
        if language == first.language:
            revision = first.revision + (words != {name: getattr(first, name) for name in words})
            EventText.objects.filter(pk=first.pk).update(revision=revision, **words)
        else:
            told = {**words, "source_revision": first.revision}
            event.texts.update_or_create(language=_fitting(EventText, "language", language), defaults=told)
        _changed(event)
        announce(EventWorded(event.pk, by.pk if by else None))
    return event.texts.get(language=language)


def translate_session(session: Session, language: str, words: dict[str, str], by: Account | None = None) -> SessionText:
    """Put the session's `words` (title, and if wished subtitle, abstract, description) into `language`, a BCP 47 tag.

    The revision of the original is noted, so that a translation that has become older than it can be told. Names
    that were taken back are left out.
    `by` None is the operator at the machine. NotAllowed if `by` does not organise the event; Invalid at `language`
    if it is the one of the original, and at any text that is too long, or for an empty title.
    """
    _refuse(session.event, by)
    with transaction.atomic():
        withholding = _held(session.event)
        credited = withholding.credited_in(session)
        given = {name: withholding.of_text(words.get(name, ""), language, credited) for name in _WORDS}
        told = {name: _fitting(SessionText, name, text) for name, text in given.items()}
        first = original(session.texts.select_for_update())
        if language == first.language:
            raise Invalid(_("This is the language of the original: change the programme itself."), "language")
        tag = _fitting(SessionText, "language", language)
        text, _new = session.texts.update_or_create(language=tag, defaults={**told, "source_revision": first.revision})
        _changed(session.event)
        announce(SessionTranslated(session.pk, by.pk if by else None))
    return text


def _refuse(event: Event, by: Account | None) -> None:
    if by is not None and not can_edit_programme(by, event):
        raise NotAllowed(_("Only those who organise this event may write its texts."))


def _held(event: Event) -> Withholding:
    """Whom the event does not name; held, so that nobody takes a name back between the reading and the writing."""
    Event.objects.select_for_update(no_key=True).filter(pk=event.pk).first()
    return withholding_of(event)


def _fitting(model: type[EventText | SessionText], name: str, text: str) -> str:
    field = getattr(model, name).field
    tidy = text.strip()
    if not tidy and not field.blank:
        raise Invalid(_("This may not be empty."), name)
    if field.max_length is not None and len(tidy) > field.max_length:
        raise Invalid(_too_long(field.max_length), name)
    return tidy


def _too_long(longest: int) -> str:
    said = ngettext(
        "This is too long: %(longest)s character at most.", "This is too long: %(longest)s characters at most.", longest
    )
    return said % {"longest": longest}


def _changed(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(programme_changed_at=timezone.now())
