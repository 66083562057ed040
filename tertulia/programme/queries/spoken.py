"""Whose names the texts of an event still say, although nothing there credits them any more."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator

from tertulia.kit.sealing import KEY_BYTES
from tertulia.people.models import Person
from tertulia.programme.models import Event, EventText, FormerCredit, SessionText
from tertulia.programme.queries.marks import Mark, marks_of, places_of

Text = tuple[int | None, str]


def still_said(event: Event, persons: Iterable[Person]) -> set[int]:
    """The keys of those of the `persons` whose names stand in a text of the event.

    A name that may be a word like any other is looked for where a session credited its person.
    """
    # What is found here is forgotten at once: a key of the moment is enough.
    key = secrets.token_bytes(KEY_BYTES)
    marks = {person.pk: marks_of(person.name, key) for person in persons if person.name}
    before = _former(event, marks)
    return {
        person
        for session, text in (_texts(event) if marks else ())
        if places_of([mark for one in marks.values() for mark in one], text, key)
        for person, sought in marks.items()
        if places_of([mark for mark in sought if mark.is_telling or person in before[session]], text, key)
    }


def _former(event: Event, marks: dict[int, list[Mark]]) -> dict[int | None, set[int]]:
    """Whom of them each session credited before, by the key of the session."""
    found: dict[int | None, set[int]] = defaultdict(set)
    for session, person in FormerCredit.objects.filter(session__event=event).values_list("session", "person"):
        found[session] |= {person} & marks.keys()
    return found


def _texts(event: Event) -> Iterator[Text]:
    """Every text of the event and of its sessions, with the key of the session that says it."""
    said = SessionText.objects.filter(session__event=event)
    fields = ("session__slug", "title", "subtitle", "abstract", "description")
    for session, *parts in said.values_list("session", *fields):
        yield from ((session, part) for part in parts)
    for parts in EventText.objects.filter(event=event).values_list("title", "tagline"):
        yield from ((None, part) for part in parts)
    for biography in Person.objects.filter(credits__session__event=event).values_list("biography", flat=True):
        yield None, biography
