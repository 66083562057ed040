"""What the programme does when somebody takes their name back, or gives it again."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from tertulia.people.models import Person, Purpose
from tertulia.people.queries.consent import has_consent
from tertulia.programme.actions.cards import clear_cards
from tertulia.programme.models import Credit, Event, Session, Withheld
from tertulia.programme.queries.withheld import (
    LONGEST_TITLE,
    Said,
    Withholding,
    mark_of,
    token_of,
    withholding_of,
    words_in,
)


def withhold(person: Person, purpose: str) -> None:
    """Leave the person's name out of each event that credits them, its texts and addresses too; in a transaction.

    `purpose` is what they took back; only being named concerns the programme. Refuses nobody.
    """
    if purpose != Purpose.NAMED:
        return
    credited = Credit.objects.filter(person=person).values("session__event")
    for event in Event.objects.select_for_update().filter(pk__in=credited):
        _remember(event, person)
        _reword(event)


def name_again(person_id: int) -> None:
    """Let later files name the person with this key again; nothing happens unless they may be named. Refuses nobody."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None or not has_consent(person, Purpose.NAMED):
        return
    with transaction.atomic():
        Withheld.objects.filter(person=person).delete()


def clear_cards_of(person_id: int) -> None:
    """Remove the pictures of the events that leave out the person with this key. Refuses nobody."""
    for event_id in Withheld.objects.filter(person_id=person_id).values_list("event_id", flat=True):
        clear_cards(event_id)


def _remember(event: Event, person: Person) -> None:
    """How a file's entry is known to be the person: by the file's identity, else by one of our own, and by the mark."""
    theirs = Credit.objects.filter(session__event=event, person=person)
    named = theirs.exclude(source_id="").values_list("source_id", flat=True).first()
    source_id = named or token_of(person)
    theirs.update(source_id=source_id)
    told: dict[str, Any] = {"source_id": source_id}
    if person.name:
        told |= {"mark": mark_of(person.name), "words": words_in(person.name)}
    made = {"mark": b"", "words": 0} | told
    Withheld.objects.update_or_create(event=event, person=person, defaults=told, create_defaults=made)


def _reword(event: Event) -> None:
    withholding = withholding_of(event)
    taken = set(Session.objects.filter(event=event).values_list("slug", flat=True))
    for session in Session.objects.filter(event=event).prefetch_related("texts", "credits"):
        credited = [credit.person_id for credit in session.credits.all()]
        _reword_texts(session, withholding, credited)
        slug = withholding.of_address(session.slug, credited)
        if slug != session.slug:
            session.slug = _free(slug, taken)
            session.save(update_fields=["slug"])
    _reword_event(event, withholding)


def _reword_event(event: Event, withholding: Withholding) -> None:
    """Its own texts, and what the others whom it credits say of themselves."""
    for text in event.texts.all():
        text.title = withholding.of_event_title(text.title, text.language)
        text.tagline = withholding.of_text(text.tagline, text.language)[:LONGEST_TITLE]
        text.save()
    for other in Person.objects.filter(credits__session__event=event).exclude(biography="").distinct():
        biography = withholding.of_text(other.biography, event.language)
        if biography != other.biography:
            other.biography = biography
            other.save(update_fields=["biography"])


def _reword_texts(session: Session, withholding: Withholding, credited: list[int]) -> None:
    for text in session.texts.all():
        said = Said(text.title, text.subtitle, text.abstract, text.description)
        clean = withholding.of_said(said, text.language, credited)
        if clean != said:
            text.title, text.subtitle, text.abstract, text.description = clean
            text.save()


def _free(slug: str, taken: set[str]) -> str:
    wanted, number = slug, 1
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    taken.add(slug)
    return slug
