"""Names that were taken back: found in files and texts by their marks, and left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import override

from tertulia.people.models import Person
from tertulia.people.queries.consent import removed
from tertulia.programme.formats.entries import ContributorEntry, Schedule, SessionEntry
from tertulia.programme.models import Credit, Event, FormerCredit, NameMark, Session, Withheld
from tertulia.programme.queries.marks import Mark, key_of_marks, marks_of, places_of
from tertulia.programme.queries.schedule import identity_of

LONGEST_TITLE = 300  # of a session, and of an event's one sentence
LONGEST_EVENT_TITLE = 200


class Said(NamedTuple):
    """What a session says of itself in one language."""

    title: str
    subtitle: str
    abstract: str
    description: str


@dataclass(frozen=True)
class Withholding:
    """Whom one event does not name.

    `rows` are its withheld persons, `marks` those of all their names, by the key of the person; `credited` says whom of
    them each session credits or has credited, by its identity in files. `known` are the identities of all others whom
    the event credits, `language` is its first one, `key` that of the marks.
    """

    rows: Sequence[Withheld] = ()
    marks: Mapping[int, Sequence[Mark]] = field(default_factory=dict)
    credited: Mapping[str, frozenset[int]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    language: str = ""
    key: bytes = b""

    def of_schedule(self, schedule: Schedule) -> Schedule:
        """The schedule of a file as it is taken: without what was taken back."""
        if not self.rows:
            return schedule
        title = self.of_event_title(schedule.title, self.language)
        return replace(schedule, title=title, sessions=tuple(map(self._of_session, schedule.sessions)))

    def credited_in(self, session: Session) -> frozenset[int]:
        """The keys of the withheld persons whom the session credits, or has credited."""
        return self.credited.get(identity_of(session), frozenset())

    def of_text(self, text: str, language: str, credited: Iterable[int] = ()) -> str:
        """The text without the names; `credited` are the keys of the persons of its session.

        A name that may be a word like any other is taken out only where its person is credited, or was.
        """
        for start, end in reversed(self._places(text, credited)):
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
        for start, end in reversed(self._places(slug, credited)):
            slug = f"{slug[:start].rstrip('-')}-{slug[end:].lstrip('-')}".strip("-")
        return slug or "session"

    def _of_session(self, entry: SessionEntry) -> SessionEntry:
        persons = [self._of_contributor(one) for one in entry.contributors]
        ours = {row.source_id: row.person_id for row in self.rows}
        credited = {ours[one.source_id] for one in persons if one.source_id in ours}
        credited |= self.credited.get(entry.source_id, frozenset())
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
        sought = {mark.digest for mark in marks_of(entry.name, self.key)}
        return next((row for row in self.rows if sought & self._digests(row)), None)

    def _digests(self, row: Withheld) -> set[bytes]:
        return {mark.digest for mark in self.marks.get(row.person_id, ())}

    def _places(self, text: str, credited: Iterable[int]) -> list[tuple[int, int]]:
        here = set(credited)
        sought = [mark for person, marks in self.marks.items() for mark in marks if mark.is_telling or person in here]
        return places_of(sought, text, self.key)


def withholding_of(event: Event | None) -> Withholding:
    """Whom the event does not name; nobody for an event that is not made yet.

    LostKey if there is somebody, and the key of the marks is gone.
    """
    rows = list(Withheld.objects.filter(event=event).select_related("person")) if event else []
    if event is None or not rows:
        return Withholding()
    mine = {row.source_id for row in rows}
    known = Credit.objects.filter(session__event=event).exclude(source_id="").values_list("source_id", flat=True)
    persons = [row.person_id for row in rows]
    return Withholding(
        rows, _marks(event, persons), _credited(event, persons), frozenset(known) - mine, event.language, key_of_marks()
    )


def namesakes(event: Event, names: Iterable[str]) -> dict[str, frozenset[int]]:
    """For each of the `names` the keys of the persons whom the event credited under it before; who was not is left out.

    LostKey if there are marks, and their key is gone.
    """
    found: dict[bytes, set[int]] = defaultdict(set)
    for mark, person in NameMark.objects.filter(event=event).values_list("mark", "person_id"):
        found[bytes(mark)].add(person)
    key = key_of_marks() if found else b""
    told = {
        name: frozenset().union(*(found.get(mark.digest, ()) for mark in marks_of(name, key)))
        for name in (names if found else ())
    }
    return {name: persons for name, persons in told.items() if persons}


def events_of(person_id: int) -> QuerySet[Event]:
    """The events that credit the person with that key, credited them before, or leave them out, in order of keys."""
    now = Credit.objects.filter(person=person_id).values("session__event")
    before = FormerCredit.objects.filter(person=person_id).values("session__event")
    left_out = Withheld.objects.filter(person=person_id).values("event")
    return Event.objects.filter(Q(pk__in=now) | Q(pk__in=before) | Q(pk__in=left_out)).order_by("pk")


def persons_at(slug: str) -> set[int]:
    """The keys of all persons whom the event at `slug` credits, credited before, or leaves out."""
    sources = (
        Credit.objects.filter(session__event__slug=slug),
        FormerCredit.objects.filter(session__event__slug=slug),
        Withheld.objects.filter(event__slug=slug),
    )
    return {key for rows in sources for key in rows.values_list("person", flat=True)}


def persons_beside(person_id: int) -> set[int]:
    """The keys of the persons at events of the person with that key who say something of themselves there."""
    events = events_of(person_id)
    found = Person.objects.filter(credits__session__event__in=events).exclude(biography="")
    return set(found.values_list("pk", flat=True))


def is_mentioned(person_id: int) -> bool:
    """Whether the programme of any event credits the person with that key, or has to leave them out."""
    credited = Credit.objects.filter(person_id=person_id).exists()
    return credited or Withheld.objects.filter(person_id=person_id).exists()


def token_of(person: Person) -> str:
    """How a withheld person without an identity in the file is recognised from now on."""
    return f"withheld-{person.public_id}"


def _marks(event: Event, persons: Sequence[int]) -> dict[int, list[Mark]]:
    found: dict[int, list[Mark]] = defaultdict(list)
    for row in NameMark.objects.filter(event=event, person__in=persons):
        found[row.person_id].append(Mark(bytes(row.mark), row.length, row.is_telling, row.head))
    return found


def _credited(event: Event, persons: Sequence[int]) -> dict[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = defaultdict(frozenset)
    for model in (Credit, FormerCredit):
        for row in model.objects.filter(session__event=event, person__in=persons).select_related("session"):
            found[identity_of(row.session)] |= {row.person_id}
    return found


def _removed_in(language: str) -> str:
    spoken = language.split("-", maxsplit=1)[0].lower()
    with override(spoken if spoken in dict(settings.LANGUAGES) else "en"):
        return removed()
