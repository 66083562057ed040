"""The end of an event, and what goes some days after it."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tertulia.kit.errors import Gone, NotAllowed
from tertulia.kit.facts import announce
from tertulia.kit.tasks import enqueue
from tertulia.people.actions import forget_answers
from tertulia.people.models import Account
from tertulia.programme.facts import EventClosed, ParticipationsForgotten
from tertulia.programme.models import Event, Participation
from tertulia.programme.models.event import DAYS_UNTIL_CLOSED
from tertulia.programme.queries.participation import events_with_people
from tertulia.programme.rules import can_close

FORGOTTEN = "programme.participations"


def close_event(event: Event, by: Account | None = None) -> date:
    """Close the event today: nobody comes in or writes any more, and retention begins; the day it was closed.

    `by` None is the operator at the machine. NotAllowed if `by` does not organise the event; Gone if it is
    closed already.
    """
    if by is not None and not can_close(by, event):
        raise NotAllowed(_("Only those who organise this event may close it."))
    today = timezone.now().date()
    with transaction.atomic():
        if not Event.objects.filter(pk=event.pk, closed_on=None).update(closed_on=today):
            raise Gone(_("This event is closed already."))
        announce(EventClosed(event.pk, by.pk if by else None))
    event.closed_on = today
    return today


def close_what_is_over() -> int:
    """Close each event that nobody closed, 14 days after its last day and the last change of its programme; how many.

    Sample events stay open: nobody is in their record.
    """
    moment = timezone.now() - timedelta(days=DAYS_UNTIL_CLOSED)
    over = Event.objects.filter(closed_on=None, is_sample=False, ends_on__lt=moment.date())
    events = list(over.filter(programme_changed_at__lt=moment))
    for event in events:
        close_event(event)
    return len(events)


def clear_participations() -> int:
    """Forget who was in, and who answered, at events whose days of keeping are over; how many participations went."""
    ends = timezone.now().date() - timedelta(days=Participation.retention.days)
    return sum(_forget_who_was_in(event) for event in events_with_people().filter(closed_on__lte=ends))


def forget_again(key: str) -> None:
    """Close the event with that key and forget who was in, after a restore has brought it back."""
    event = Event.objects.get(pk=key)
    if event.closed_on is None:
        close_event(event)
    _forget_who_was_in(event)


def _forget_who_was_in(event: Event) -> int:
    with transaction.atomic():
        gone, _each = Participation.objects.filter(event=event).delete()
        # They go with the release, minutes after the close; where that never came, here.
        forget_answers([event.slug])
        enqueue("people.purge")
        settings.ERASURES.note(FORGOTTEN, str(event.pk))
        announce(ParticipationsForgotten(event.pk))
    return gone
