"""Takes a programme from a file into an event, wholly or not at all."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tertulia.kit.errors import Invalid, Overtaken
from tertulia.kit.facts import announce
from tertulia.people.actions.locking import lock_persons
from tertulia.people.models import Account
from tertulia.programme.actions.sessions import SessionWriter
from tertulia.programme.facts import ScheduleImported
from tertulia.programme.formats.entries import Parsed, Schedule
from tertulia.programme.formats.moments import schedule_in, zone_names
from tertulia.programme.models import Event, EventText
from tertulia.programme.queries.imports import ImportReport, Plan, planned_import, refusal_of, report_of, slug_of
from tertulia.programme.queries.texts import original
from tertulia.programme.queries.withheld import persons_at


def import_schedule(
    parsed: Parsed,
    slug: str = "",
    zone: str | None = None,
    by: Account | None = None,
    *,
    seen: str | None = None,
    is_sample: bool = False,
) -> ImportReport:
    """Make or update the event at `slug` (default: what the file asks for) so that it says what the file says.

    Sessions are recognised by the file's own identities: what is new is added, what differs is changed, what is no
    longer there is withdrawn, loses its slots and credits nobody, and comes back if a later file has it again. A name
    that was taken back is left out.
    `zone` (a name such as Europe/Berlin) wins over the one that was read. `is_sample` marks invented content.
    `by` None is the operator at the command line. `seen` is the state that was looked at before: `ImportReport.as_of`.

    Invalid if anything in the file was rejected, if slug or zone is none, if the event is closed, if an empty file
    would withdraw everything, or at `slug` if a file that shares nothing with the event would, unless that slug was
    given; NotAllowed if `by` does not organise the event; Overtaken if it is not as `seen` any more, or somebody
    else was quicker to make it. Then nothing is written.
    """
    schedule = _takeable(parsed, zone)
    is_meant = bool(slug)
    slug = slug or slug_of(schedule)
    with transaction.atomic():
        _lock(slug)
        plan = planned_import(schedule, slug)
        _refuse(plan, by, is_meant=is_meant)
        if seen is not None and seen != plan.as_of:
            raise _overtaken()
        event = _event(plan, is_sample=is_sample)
        SessionWriter(event, plan.schedule).carry_out(plan)
        announce(ScheduleImported(event.pk, by.pk if by else None))
    return report_of(plan, parsed)


def _takeable(parsed: Parsed, zone: str | None) -> Schedule:
    if parsed.rejected or parsed.schedule is None:
        first = parsed.rejected[0]
        raise Invalid(first.why, first.where)
    if zone is None or zone == parsed.schedule.zone:
        return parsed.schedule
    if zone not in zone_names():
        raise Invalid(_("“%(zone)s” is not the name of a time zone.") % {"zone": zone}, "zone")
    return schedule_in(parsed.schedule, zone)


def _lock(slug: str) -> None:
    """One import at a time for one event, and nobody changes meanwhile how one of its persons is called."""
    event = Event.objects.select_for_update(no_key=True).filter(slug=slug)
    lock_persons(lambda: persons_at(slug), then=event.first)


def _refuse(plan: Plan, by: Account | None, *, is_meant: bool) -> None:
    refusal = refusal_of(plan, by)
    if refusal:
        raise refusal
    if plan.has_nothing_in_common and not is_meant:
        raise Invalid(
            _(
                "Nothing in this file is part of the event “%(slug)s”: everything there would be withdrawn. "
                "Name its address to say that you mean it."
            )
            % {"slug": plan.slug},
            "slug",
        )


def _event(plan: Plan, *, is_sample: bool) -> Event:
    """The event as the schedule describes it, made if need be."""
    schedule = plan.schedule
    told = {
        "zone": schedule.zone,
        "starts_on": schedule.starts_on,
        "ends_on": schedule.ends_on,
        "schedule_version": schedule.version,
    }
    event = plan.event
    if event is None:
        event = _made(plan, is_sample=is_sample, **told)
        EventText.objects.create(event=event, language=event.language, title=schedule.title)
        return event
    text = original(event.texts.all())
    moved = bool(plan.new or plan.returned or plan.changed or plan.removed or text.title != schedule.title)
    if moved or any(getattr(event, name) != value for name, value in told.items()):
        Event.objects.filter(pk=event.pk).update(programme_changed_at=timezone.now(), **told)
        event.refresh_from_db()
    if text.title != schedule.title:
        text.title, text.revision = schedule.title, text.revision + 1
        text.save(update_fields=["title", "revision"])
    return event


def _made(plan: Plan, **told: Any) -> Event:
    """The new event; a lock on what is not there yet holds nobody back, so another may have been quicker."""
    try:
        with transaction.atomic():
            return Event.objects.create(slug=plan.slug, language=_language(plan.schedule), **told)
    except IntegrityError as fault:
        raise _overtaken() from fault


def _overtaken() -> Overtaken:
    return Overtaken(_("This programme was changed in the meantime. Look once more at what would change."))


def _language(schedule: Schedule) -> str:
    """What most of its sessions are held in."""
    spoken = Counter(session.language for session in schedule.sessions if session.language).most_common(1)
    return spoken[0][0] if spoken else "en"
