"""Finds or makes the persons whom an imported programme credits."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from tertulia.people.models import Person
from tertulia.programme.actions.withheld import mark_names
from tertulia.programme.formats.entries import ContributorEntry
from tertulia.programme.models import Credit, Event, FormerCredit, Withheld
from tertulia.programme.queries.spoken import still_said
from tertulia.programme.queries.withheld import namesakes

Key = tuple[str, str]


class Cast:
    """The persons of one event: recognised by the source's id, else by name, within the event alone."""

    def __init__(self, event: Event, contributors: Sequence[ContributorEntry]) -> None:
        self.event = event
        self.known = _known(event)
        self.before = {person.pk for person in self.known.values()}
        self.earlier = namesakes(event, {entry.name for entry in contributors})
        self.persons: dict[Key, Person] = {}
        self.renamed: list[tuple[Person, str]] = []
        for entry in contributors:
            person = self.known.get(entry.key)
            if person and person.pk not in self._claimed():
                self._claim(entry, person)
        for entry in contributors:
            if entry.key not in self.persons:
                self._claim(entry, self._namesake(entry) or Person(name=""))
        mark_names(event, self.renamed)

    def person(self, entry: ContributorEntry) -> Person:
        """Whom that entry credits."""
        return self.persons[entry.key]

    def forget_the_uncredited(self) -> None:
        """Who was credited here alone and no longer is goes from the record.

        Not who has an account, nor who took their name back: then a later file would bring it in again. Nor whom a text
        still names: it can be taken out of there as long as the record knows whom it speaks of.
        """
        gone = Person.objects.filter(pk__in=self.before, credits=None, account=None, withheld=None)
        gone.exclude(pk__in=still_said(self.event, gone)).delete()

    def _claim(self, entry: ContributorEntry, person: Person) -> None:
        # Who has joined the credit to their place decides alone how they are called.
        name = entry.name if person.account_id is None else person.name
        if (person.name, person.biography) != (name, entry.biography):
            self.renamed += [(person, person.name)] if name != person.name else []
            person.name, person.biography = name, entry.biography
            person.save()
        self.persons[entry.key] = person

    def _claimed(self) -> set[int]:
        return {person.pk for person in self.persons.values()}

    def _namesake(self, entry: ContributorEntry) -> Person | None:
        """Somebody who is called so, or else was, whom no other entry stands for: files gain and lose ids."""
        claimed = self._claimed()
        free = {person.pk: person for person in self.known.values() if person.pk not in claimed}
        same = [person for person in free.values() if _plain(person.name) == _plain(entry.name)]
        same = same or [free[key] for key in self.earlier.get(entry.name, ()) if key in free]
        return same[0] if len(same) == 1 else None


def _known(event: Event) -> dict[Key, Person]:
    """Whom the event credits, credited before, or leaves out, by what a file calls them."""
    withheld = Withheld.objects.filter(event=event).select_related("person").order_by("pk")
    left_out = {ContributorEntry("", row.source_id).key: row.person for row in withheld}
    return _credited(FormerCredit, event) | _credited(Credit, event) | left_out


def _credited(model: type[Credit | FormerCredit], event: Event) -> dict[Key, Person]:
    rows = model.objects.filter(session__event=event).select_related("person").order_by("pk")
    return {ContributorEntry(row.person.name, row.source_id).key: row.person for row in rows}


def _plain(name: str) -> str:
    """However the letters are put together: a file may have them taken apart."""
    return unicodedata.normalize("NFC", name).casefold()
