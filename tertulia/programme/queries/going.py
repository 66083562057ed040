"""What goes when, of what is kept because of an event: what every part of the site offers, with the event's dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from tertulia.kit.erasures import Untrusted
from tertulia.kit.registry import Going, goings
from tertulia.programme.models import Event, Participation
from tertulia.programme.models.event import DAYS_UNTIL_CLOSED


@dataclass(frozen=True)
class Goes:
    """One thing: what it is, when it goes, and whether and in which month it went.

    `days` after the close, `on` which day once the event is closed; without `days`, `ends` says what ends it.
    `is_gone` is None where nobody here can tell. `gone_in` is the first of the month.
    """

    name: str
    what: str
    days: int | None
    ends: str
    on: date | None
    is_gone: bool | None
    gone_in: date | None


def goings_of(event: Event) -> list[Goes]:
    """What goes because of the event and when, in the language of the page."""
    return [_goes(one, event) for one in sorted(goings, key=lambda one: one.order)]


def closes_by_itself(event: Event) -> date | None:
    """The day on which the event is closed if nobody does it before and its programme stays as it is.

    None for one that is closed, or is a sample: these stay open.
    """
    if event.closed_on is not None or event.is_sample:
        return None
    last = max(event.ends_on, event.programme_changed_at.date())
    return max(last + timedelta(days=DAYS_UNTIL_CLOSED + 1), timezone.now().date())


def as_file(event: Event) -> dict[str, Any]:
    """The same as plain values for other programs."""
    return {
        "event": event.slug,
        "closed": _said(event.closed_on),
        "closes_by_itself": _said(closes_by_itself(event)),
        "goes": [
            {
                "name": one.name,
                "what": one.what,
                "days_after_close": one.days,
                "ends": one.ends,
                "on": _said(one.on),
                "is_gone": one.is_gone,
                "gone_in": one.gone_in and f"{one.gone_in:%Y-%m}",
            }
            for one in goings_of(event)
        ],
    }


def has_no_names(event: Event) -> bool:
    """Whether nobody knows any more who was in at the event; not before its day, when it would say that nobody came."""
    ends = timezone.now().date() - timedelta(days=Participation.retention.days)
    is_due = event.closed_on is not None and event.closed_on <= ends
    return is_due and not Participation.objects.filter(event=event).exists()


def _goes(going: Going, event: Event) -> Goes:
    on = event.closed_on + timedelta(days=going.days) if event.closed_on and going.days is not None else None
    is_gone = going.is_gone(event) if going.is_gone else None
    gone_in = _month(going, event) if is_gone else None
    return Goes(going.name, str(going.what), going.days, str(going.ends), on, is_gone, gone_in)


def _month(going: Going, event: Event) -> date | None:
    """The last month in which the erasure list notes something of it; None if it notes nothing, or cannot be read."""
    noted = going.noted(event) if going.noted else None
    try:
        months = settings.ERASURES.months(*noted) if noted else []
    except Untrusted:
        return None
    return date.fromisoformat(f"{months[-1]}-01") if months else None


def _said(day: date | None) -> str | None:
    return day.isoformat() if day else None
