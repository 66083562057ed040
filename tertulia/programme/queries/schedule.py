"""A stored programme as the plain values that formats write and imports compare."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from django.db.models import Prefetch, QuerySet

from tertulia.people.queries.consent import named, removed
from tertulia.programme.formats.entries import ContributorEntry, Schedule, SessionEntry, SlotEntry, in_order
from tertulia.programme.formats.schedule_json import render
from tertulia.programme.models import Credit, Event, Session, SessionText, Slot
from tertulia.programme.queries.texts import original


def schedule_of(event: Event) -> Schedule:
    """What is on: the confirmed sessions that have a slot, with the rooms and tracks that they use."""
    found = stored_sessions(event, state=Session.State.CONFIRMED)
    entries = [entry for session in found if (entry := entry_of(session, is_for_others=True)).slots]
    rooms = _in_position([slot.room for session in found for slot in session.slots.all()])
    return Schedule(
        title=original(event.texts.all()).title,
        acronym=event.slug,
        version=event.schedule_version,
        zone=event.zone,
        starts_on=event.starts_on,
        ends_on=event.ends_on,
        rooms=rooms,
        tracks=_in_position([session.track for session in found if session.slots.all()]),
        sessions=in_order(entries, rooms),
    )


def schedule_file(event: Event) -> bytes:
    """The event's programme as schedule.json, for whoever wants to read it elsewhere."""
    return render(schedule_of(event))


def stored_sessions(event: Event, **wanted: str) -> list[Session]:
    """Sessions of the event with all that they say, in a fixed number of queries; `wanted` narrows the fields."""
    slots = Prefetch("slots", Slot.objects.select_related("room"))
    people = Prefetch("credits", credits_with_persons())
    found = Session.objects.filter(event=event, **wanted).select_related("track", "session_type")
    return list(found.prefetch_related("texts", slots, people))


def credits_with_persons() -> QuerySet[Credit]:
    """Credits with their persons joined, and whether each may be named at this moment (`is_named`).

    Fetched apart, a thousand persons are more than SQLite takes at once.
    """
    return Credit.objects.select_related("person").annotate(is_named=named("person"))


def may_be_named(credit: Credit) -> bool:
    """Whether a credit of `credits_with_persons` names its person at this moment."""
    return bool(credit.is_named and credit.person.name)  # type: ignore[attr-defined]  # the queryset adds it


def credited_name(credit: Credit) -> str:
    """What a credit of `credits_with_persons` says at this moment: the name, or that it was removed."""
    return credit.person.name if may_be_named(credit) else removed()


def identity_of(session: Session) -> str:
    """What recognises the session in a file: the source's own name for it, else one made from its key."""
    return session.source_id or str(uuid.uuid5(uuid.NAMESPACE_URL, f"tertulia/session/{session.pk}"))


def entry_of(session: Session, *, is_for_others: bool = False) -> SessionEntry:
    """The session of `stored_sessions` in its original language, as it stands in a file.

    `is_for_others`: without persons who may not be named.
    """
    text: SessionText = original(session.texts.all())
    return SessionEntry(
        source_id=identity_of(session),
        slug=session.slug,
        title=text.title,
        subtitle=text.subtitle,
        abstract=text.abstract,
        description=text.description,
        track=session.track.name if session.track else "",
        session_type=session.session_type.name if session.session_type else "",
        language=session.language,
        do_not_record=session.do_not_record,
        contributors=tuple(
            ContributorEntry(credit.person.name, credit.source_id, credit.person.biography)
            for credit in session.credits.all()
            if may_be_named(credit) or not is_for_others
        ),
        slots=tuple(_slot_entry(slot) for slot in session.slots.all()),
    )


def _slot_entry(slot: Slot) -> SlotEntry:
    return SlotEntry(
        local_start=datetime.fromisoformat(slot.local_start),
        zone=slot.zone,
        starts_at=slot.starts_at.astimezone(UTC),
        length=slot.ends_at - slot.starts_at,
        room=slot.room.name if slot.room else "",
    )


def _in_position(found: list[object]) -> tuple[str, ...]:
    """The names of rooms or tracks, each once, in the order that they have at the event."""
    known = {(thing.position, thing.name) for thing in found if thing is not None}  # type: ignore[attr-defined]
    return tuple(name for _position, name in sorted(known))
