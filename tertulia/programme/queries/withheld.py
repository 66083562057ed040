"""Names that were taken back: found in files and texts by their marks, and left out."""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import override

from tertulia.people.models import Person
from tertulia.people.queries.consent import removed
from tertulia.programme.formats.address import address_of
from tertulia.programme.formats.entries import ContributorEntry, Schedule, SessionEntry
from tertulia.programme.models import Credit, Event, Withheld

KEY = "withheld-names"
LONGEST_TITLE = 300  # of a session, and of an event's one sentence
LONGEST_EVENT_TITLE = 200
_WORD = re.compile(r"[^\W_]+")


class Said(NamedTuple):
    """What a session says of itself in one language."""

    title: str
    subtitle: str
    abstract: str
    description: str


@dataclass(frozen=True)
class Withholding:
    """Whom one event does not name.

    `rows` are its withheld persons, `known` the identities of all others whom it credits, `language` is its first
    one, `key` that of the marks.
    """

    rows: Sequence[Withheld]
    known: frozenset[str]
    language: str
    key: bytes

    def of_schedule(self, schedule: Schedule) -> Schedule:
        """The schedule of a file as it is taken: without what was taken back."""
        if not self.rows:
            return schedule
        title = self.of_event_title(schedule.title, self.language)
        return replace(schedule, title=title, sessions=tuple(map(self._of_session, schedule.sessions)))

    def of_text(self, text: str, language: str, credited: Iterable[int] = ()) -> str:
        """The text without the names; `credited` are the keys of the persons of its session.

        A name of one word may be a word like any other: it is taken out only where its person is credited.
        """
        for start, end in reversed(self._spans(text, credited)):
            text = f"{text[:start]}[{_removed_in(language or self.language)}]{text[end:]}"
        return text

    def of_said(self, said: Said, language: str, credited: Iterable[int]) -> Said:
        """All of it as `of_text` gives each, the titles no longer than they may be."""
        title, subtitle, abstract, description = (self.of_text(text, language, credited) for text in said)
        return Said(title[:LONGEST_TITLE], subtitle[:LONGEST_TITLE], abstract, description)

    def of_event_title(self, title: str, language: str) -> str:
        """The title of the event as `of_text` gives it, no longer than it may be."""
        return self.of_text(title, language)[:LONGEST_EVENT_TITLE]

    def of_address(self, slug: str, credited: Iterable[int] = ()) -> str:
        """The last part of a session's address without the names; `credited` as for `of_text`."""
        for start, end in reversed(self._spans(slug, credited)):
            slug = f"{slug[:start].rstrip('-')}-{slug[end:].lstrip('-')}".strip("-")
        return slug or "session"

    def _of_session(self, entry: SessionEntry) -> SessionEntry:
        persons = [self._of_contributor(one) for one in entry.contributors]
        ours = {row.source_id: row.person_id for row in self.rows}
        credited = [ours[one.source_id] for one in persons if one.source_id in ours]
        said = Said(entry.title, entry.subtitle, entry.abstract, entry.description)
        title, subtitle, abstract, description = self.of_said(said, entry.language, credited)
        clean = [replace(one, biography=self.of_text(one.biography, self.language)) for one in persons]
        return replace(
            entry,
            slug=self.of_address(entry.slug, credited),
            title=title,
            subtitle=subtitle,
            abstract=abstract,
            description=description,
            contributors=tuple(clean),
        )

    def _of_contributor(self, entry: ContributorEntry) -> ContributorEntry:
        row = self._row_of(entry)
        return ContributorEntry("", row.source_id) if row else entry

    def _row_of(self, entry: ContributorEntry) -> Withheld | None:
        for row in self.rows:
            if entry.source_id and entry.source_id == row.source_id:
                return row
        if entry.source_id in self.known:
            return None
        sought = _mark(self.key, _words(entry.name))
        return next((row for row in self.rows if row.words and bytes(row.mark) == sought), None)

    def _spans(self, text: str, credited: Iterable[int]) -> list[tuple[int, int]]:
        """Where the names stand, in order; a longer one wins over a shorter one in it."""
        sought = self._sought(credited)
        if not sought:
            return []
        places = [found.span() for found in _WORD.finditer(text)]
        words = [_same(text[start:end]) for start, end in places]
        found, number = [], 0
        while number < len(words):
            length = self._length(words, number, sought)
            if length:
                found.append((places[number][0], places[number + length - 1][1]))
            number += length or 1
        return found

    def _length(self, words: list[str], number: int, sought: dict[int, set[bytes]]) -> int:
        """How many words from that one on are a name; 0 for none."""
        for size in sorted(sought, reverse=True):
            part = words[number : number + size]
            if len(part) == size and _mark(self.key, part) in sought[size]:
                return size
        return 0

    def _sought(self, credited: Iterable[int]) -> dict[int, set[bytes]]:
        """The marks to look for, by the number of words."""
        here = set(credited)
        sought: dict[int, set[bytes]] = {}
        for row in self.rows:
            if row.words > 1 or (row.words and row.person_id in here):
                sought.setdefault(row.words, set()).add(bytes(row.mark))
        return sought


def withholding_of(event: Event | None) -> Withholding:
    """Whom the event does not name; nobody for an event that is not made yet."""
    if event is None:
        return Withholding((), frozenset(), "", b"")
    rows = list(Withheld.objects.filter(event=event).select_related("person"))
    mine = {row.source_id for row in rows}
    known = Credit.objects.filter(session__event=event).exclude(source_id="").values_list("source_id", flat=True)
    others = frozenset(known) - mine if rows else frozenset()
    return Withholding(rows, others, event.language, settings.KEYS.make(KEY))


def is_mentioned(person_id: int) -> bool:
    """Whether the programme of any event credits the person with that key, or has to leave them out."""
    credited = Credit.objects.filter(person_id=person_id).exists()
    return credited or Withheld.objects.filter(person_id=person_id).exists()


def mark_of(name: str) -> bytes:
    """What is kept of a name: HMAC-SHA-256 of its words, under a key of this installation."""
    return _mark(settings.KEYS.make(KEY), _words(name))


def words_in(name: str) -> int:
    """How many words the name has; 0 for one that holds no letter."""
    return len(_words(name))


def token_of(person: Person) -> str:
    """How a withheld person without an identity in the file is recognised from now on."""
    return f"withheld-{person.public_id}"


def _words(name: str) -> list[str]:
    return [_same(word) for word in _WORD.findall(name)]


def _mark(key: bytes, words: list[str]) -> bytes:
    return hmac.digest(key, " ".join(words).encode(), "sha256")


@lru_cache(maxsize=20_000)
def _same(word: str) -> str:
    """The word as it is compared: without capitals and, in Latin letters, without accents, as in an address."""
    return address_of(word) or unicodedata.normalize("NFKC", word).casefold()


def _removed_in(language: str) -> str:
    spoken = language.split("-", maxsplit=1)[0].lower()
    with override(spoken if spoken in dict(settings.LANGUAGES) else "en"):
        return removed()
