"""What an import would do, and what it did."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from tertulia.kit.errors import Invalid, NotAllowed, Refusal
from tertulia.people.models import Account
from tertulia.programme.formats.address import address_of
from tertulia.programme.formats.entries import Note, Parsed, Rejected, Schedule, SessionEntry, SlotEntry
from tertulia.programme.models import Event, Session
from tertulia.programme.queries.schedule import entry_of, identity_of, stored_sessions
from tertulia.programme.queries.withheld import withholding_of
from tertulia.programme.rules import can_edit_programme

_ADDRESS = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ADDRESS = 80
Pair = tuple[Session, SessionEntry]


@dataclass(frozen=True)
class ImportReport:
    """An import in figures; `added`, `changed` and `removed` count sessions.

    `nothing_in_common`: the event has a programme from a file, and no session of this one is part of it. `refused`
    says why the import may not be carried out, empty if it may; `as_of` is the state of the event, as `Plan.as_of`.
    """

    event: str
    sessions: int = 0
    rooms: int = 0
    tracks: int = 0
    contributors: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    nothing_in_common: bool = False
    refused: str = ""
    as_of: str = ""
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What an import of `schedule` would do: `event` is None for a new one; `returned` were withdrawn before."""

    slug: str
    event: Event | None
    schedule: Schedule
    new: Sequence[SessionEntry]
    returned: Sequence[Pair]
    changed: Sequence[Pair]
    removed: Sequence[Session]

    @property
    def as_of(self) -> str:
        """The state of the event that was compared: another one after each change; empty for a new event."""
        return self.event.programme_changed_at.isoformat() if self.event else ""

    @property
    def has_nothing_in_common(self) -> bool:
        """Whether all that came from a file would go and everything would be new: perhaps another event's file."""
        return bool(self.removed) and 0 < len(self.schedule.sessions) == len(self.new)


def planned_import(schedule: Schedule, slug: str) -> Plan:
    """Compare the schedule, without names that were taken back, with what is stored at `slug`; reads alone."""
    event = Event.objects.filter(slug=slug).first()
    schedule = withholding_of(event).of_schedule(schedule)
    stored = {identity_of(session): session for session in stored_sessions(event)} if event else {}
    given = {entry.source_id: entry for entry in schedule.sessions}
    both = [(stored[key], entry) for key, entry in given.items() if key in stored]
    here = [(session, entry) for session, entry in both if session.state == Session.State.CONFIRMED]
    return Plan(
        slug=slug,
        event=event,
        schedule=schedule,
        new=[entry for key, entry in given.items() if key not in stored],
        returned=[(session, entry) for session, entry in both if session.state == Session.State.WITHDRAWN],
        changed=[(session, entry) for session, entry in here if _differs(session, entry)],
        removed=[session for key, session in stored.items() if key not in given and _is_the_files(session)],
    )


def report_of(plan: Plan, parsed: Parsed) -> ImportReport:
    """The plan in figures, with what the reading of the file found."""
    schedule = plan.schedule
    return ImportReport(
        event=plan.slug,
        sessions=len(schedule.sessions),
        rooms=len(schedule.rooms),
        tracks=len(schedule.tracks),
        contributors=len(schedule.contributors()),
        added=len(plan.new) + len(plan.returned),
        changed=len(plan.changed),
        removed=len(plan.removed),
        nothing_in_common=plan.has_nothing_in_common,
        as_of=plan.as_of,
        rejected=parsed.rejected,
        notes=parsed.notes,
    )


def refusal_of(plan: Plan, by: Account | None) -> Refusal | None:
    """Why `by` (None: the operator) may not carry the plan out; None if nothing stands against it."""
    if not _ADDRESS.fullmatch(plan.slug) or len(plan.slug) > LONGEST_ADDRESS:
        return Invalid(_("An address is made of small letters, digits and hyphens."), "slug")
    if by is not None and not can_edit_programme(by, plan.event):
        return NotAllowed(_("Only those who organise this event may import its programme."))
    if plan.event and plan.event.closed_on:
        return Invalid(_("This event is closed: give the new one an address of its own."), "slug")
    if plan.removed and not plan.schedule.sessions:
        why = _("This file holds no session: it would withdraw the whole programme.")
        return Invalid(why, "schedule.conference.days")
    return None


def import_preview(parsed: Parsed, slug: str = "", by: Account | None = None) -> ImportReport:
    """What the import into the event at `slug` would count, of a bad file its good pieces; changes nothing.

    `by` is who would import it, None the operator.
    """
    if parsed.schedule is None:
        return ImportReport(slug, rejected=parsed.rejected, notes=parsed.notes)
    plan = planned_import(parsed.schedule, slug or slug_of(parsed.schedule))
    return replace(report_of(plan, parsed), refused=str(refusal_of(plan, by) or ""))


def slug_of(schedule: Schedule) -> str:
    """The address that a schedule asks for."""
    return address_of(schedule.acronym) or address_of(schedule.title) or "event"


def _differs(session: Session, entry: SessionEntry) -> bool:
    stored = entry_of(session)
    return replace(stored, slug="", slots=_sorted(stored)) != replace(entry, slug="", slots=_sorted(entry))


def _sorted(entry: SessionEntry) -> tuple[SlotEntry, ...]:
    return tuple(sorted(entry.slots, key=lambda slot: (slot.starts_at, slot.room, slot.length)))


def _is_the_files(session: Session) -> bool:
    """Whether the session came from a file and is still on; what was made by hand stays."""
    return bool(session.source_id) and session.state == Session.State.CONFIRMED
