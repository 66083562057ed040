"""What the programme does when somebody is called otherwise, takes their name back, or gives it again."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from tertulia.people.models import Person, Purpose
from tertulia.people.queries.consent import has_consent
from tertulia.programme.actions.cards import clear_cards
from tertulia.programme.models import Credit, Event, FormerCredit, NameMark, Session, Withheld
from tertulia.programme.queries.marks import KEY, key_of_marks, marks_of
from tertulia.programme.queries.withheld import (
    LONGEST_TITLE,
    Said,
    Withholding,
    events_of,
    token_of,
    withholding_of,
)


def withhold(person: Person, purpose: str) -> None:
    """Leave the person's name out of each event that credits or credited them, texts and addresses too.

    Each name they had there goes. `purpose` is what they took back; only being named concerns the programme. In a
    transaction that holds the person and whoever is credited beside them. Refuses nobody; LostKey if the key of
    earlier marks is gone.
    """
    if purpose != Purpose.NAMED:
        return
    for event in events_of(person.pk).select_for_update(no_key=True):
        mark_names(event, [(person, person.name)])
        _remember(event, person)
        _reword(event)


def remember_name(person: Person) -> None:
    """Mark the name of the person at each event that credits them, before they are called otherwise.

    In the transaction that changes the name. Refuses nobody; LostKey if the key of earlier marks is gone.
    """
    for event in events_of(person.pk):
        mark_names(event, [(person, person.name)])


def mark_names(event: Event, names: Iterable[tuple[Person, str]]) -> None:
    """Keep a mark of each of the `names` under which the event credited a person; an empty one has none.

    Refuses nobody; LostKey if there are marks, and their key is gone: another one would make all of them unknown.
    """
    told = [(person, name) for person, name in names if name]
    if not told:
        return
    key = key_of_marks() if NameMark.objects.exists() else settings.KEYS.make(KEY)
    NameMark.objects.bulk_create(
        [
            NameMark(
                event=event,
                person=person,
                mark=mark.digest,
                head=mark.head,
                length=mark.length,
                is_telling=mark.is_telling,
            )
            for person, name in told
            for mark in marks_of(name, key)
        ],
        ignore_conflicts=True,
    )


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
    """How a file's entry is known to be the person: by the file's identity, else by one of our own, and by marks."""
    of_them = {"session__event": event, "person": person}
    theirs, before = Credit.objects.filter(**of_them), FormerCredit.objects.filter(**of_them)
    identities = [rows.exclude(source_id="").values_list("source_id", flat=True).first() for rows in (theirs, before)]
    source_id = next(filter(None, identities), token_of(person))
    theirs.update(source_id=source_id)
    Withheld.objects.update_or_create(event=event, person=person, defaults={"source_id": source_id})


def _reword(event: Event) -> None:
    withholding = withholding_of(event)
    taken = set(Session.objects.filter(event=event).values_list("slug", flat=True))
    for session in Session.objects.filter(event=event).prefetch_related("texts").order_by("pk"):
        credited = withholding.credited_in(session)
        _reword_texts(session, withholding, credited)
        slug = withholding.of_address(session.slug, credited)
        if slug != session.slug:
            session.slug = _free(slug, taken)
            session.save(update_fields=["slug"])
    _reword_event(event, withholding)


def _reword_event(event: Event, withholding: Withholding) -> None:
    """Its own texts, and what the others whom it credits say of themselves."""
    for text in event.texts.all():
        title = withholding.of_event_title(text.title, text.language)
        tagline = withholding.of_text(text.tagline, text.language)[:LONGEST_TITLE]
        if (title, tagline) != (text.title, text.tagline):
            text.title, text.tagline = title, tagline
            text.save(update_fields=["title", "tagline"])
    for other in Person.objects.filter(credits__session__event=event).exclude(biography="").distinct():
        biography = withholding.of_text(other.biography, event.language)
        if biography != other.biography:
            other.biography = biography
            other.save(update_fields=["biography"])


def _reword_texts(session: Session, withholding: Withholding, credited: Iterable[int]) -> None:
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
