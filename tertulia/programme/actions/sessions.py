"""Writes the sessions of a planned import, with their texts, slots and credits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from tertulia.programme.actions.persons import Cast
from tertulia.programme.formats.entries import Schedule, SessionEntry, SlotEntry
from tertulia.programme.models import Credit, Event, FormerCredit, Room, Session, SessionText, SessionType, Slot, Track
from tertulia.programme.queries.imports import Plan
from tertulia.programme.queries.texts import original

COLOURS = ("teal", "coral", "marigold", "violet")
Named = TypeVar("Named", Track, SessionType, Room)


class SessionWriter:
    """Writes into one event, inside the transaction of the action that made it."""

    def __init__(self, event: Event, schedule: Schedule) -> None:
        self.event = event
        self.tracks = _named(Track, event, schedule.tracks)
        self.types = _named(SessionType, event, [session.session_type for session in schedule.sessions])
        self.rooms = _named(Room, event, schedule.rooms)
        self.cast = Cast(event, schedule.contributors())
        self.slugs = set(Session.objects.filter(event=event).values_list("slug", flat=True))
        self.texts: list[SessionText] = []
        self.slots: list[Slot] = []
        self.credits: list[Credit] = []

    def carry_out(self, plan: Plan) -> None:
        """Do what the plan says."""
        before = list(Credit.objects.filter(session__event=self.event))
        self._add(plan.new)
        for session, entry in [*plan.returned, *plan.changed]:
            self._change(session, entry)
        self._withdraw(plan.removed)
        SessionText.objects.bulk_create(self.texts)
        Slot.objects.bulk_create(self.slots)
        Credit.objects.bulk_create(self.credits)
        _remember(self.event, before)
        self.cast.forget_the_uncredited()

    def _add(self, entries: Iterable[SessionEntry]) -> None:
        made = []
        for entry in entries:
            session = Session(event=self.event, slug=self._free(entry.slug), source_id=entry.source_id)
            self._describe(session, entry)
            made.append(session)
            language = entry.language or self.event.language
            self.texts.append(SessionText(session=session, language=language, **_words(entry)))
            self._place(session, entry)
        Session.objects.bulk_create(made)

    def _change(self, session: Session, entry: SessionEntry) -> None:
        self._describe(session, entry)
        session.save()
        self._reword(session, entry)
        session.slots.all().delete()
        session.credits.all().delete()
        self._place(session, entry)

    def _withdraw(self, sessions: Iterable[Session]) -> None:
        keys = [session.pk for session in sessions]
        Slot.objects.filter(session__in=keys).delete()
        Credit.objects.filter(session__in=keys).delete()
        Session.objects.filter(pk__in=keys).update(state=Session.State.WITHDRAWN)

    def _describe(self, session: Session, entry: SessionEntry) -> None:
        session.track = self.tracks.get(entry.track)
        session.session_type = self.types.get(entry.session_type)
        session.language = entry.language
        session.do_not_record = entry.do_not_record
        session.state = Session.State.CONFIRMED

    def _reword(self, session: Session, entry: SessionEntry) -> None:
        """A change of the original counts: translations made before it are older than the original."""
        text, words = original(session.texts.all()), _words(entry)
        language = entry.language or self.event.language
        if text.language == language and all(getattr(text, name) == value for name, value in words.items()):
            return
        session.texts.filter(language=language).exclude(pk=text.pk).delete()
        for name, value in {**words, "language": language, "revision": text.revision + 1}.items():
            setattr(text, name, value)
        text.save()

    def _place(self, session: Session, entry: SessionEntry) -> None:
        self.slots += [self._slot(session, slot) for slot in entry.slots]
        self.credits += [
            Credit(session=session, person=self.cast.person(person), source_id=person.source_id, position=number)
            for number, person in enumerate(entry.contributors)
        ]

    def _slot(self, session: Session, slot: SlotEntry) -> Slot:
        return Slot(
            session=session,
            room=self.rooms.get(slot.room),
            local_start=slot.local_start.isoformat(),
            zone=slot.zone,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
        )

    def _free(self, slug: str) -> str:
        """The address, with a number behind it if another session of the event has it."""
        wanted, number = slug, 1
        while slug in self.slugs:
            number += 1
            slug = f"{wanted}-{number}"
        self.slugs.add(slug)
        return slug


def _remember(event: Event, before: Iterable[Credit]) -> None:
    """Whom sessions credited before: their texts may still say the names."""
    now = set(Credit.objects.filter(session__event=event).values_list("session", "person"))
    FormerCredit.objects.bulk_create(
        [
            FormerCredit(session_id=credit.session_id, person_id=credit.person_id, source_id=credit.source_id)
            for credit in before
            if (credit.session_id, credit.person_id) not in now
        ],
        ignore_conflicts=True,
    )


def _words(entry: SessionEntry) -> dict[str, str]:
    return {
        "title": entry.title,
        "subtitle": entry.subtitle,
        "abstract": entry.abstract,
        "description": entry.description,
    }


def _named(model: type[Named], event: Event, names: Iterable[str]) -> dict[str, Named]:
    """The tracks, types or rooms of those names, made if need be, in that order."""
    known = {thing.name: thing for thing in model.objects.filter(event=event)}
    for position, name in enumerate(filter(None, dict.fromkeys(names))):
        if name not in known:
            colour = {"colour": COLOURS[position % len(COLOURS)]} if model is Track else {}
            known[name] = model.objects.create(event=event, name=name, position=position, **colour)
        elif known[name].position != position:
            known[name].position = position
            known[name].save(update_fields=["position"])
    return known
