"""Who is in at an event."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language

from tertulia.people.models import Account
from tertulia.people.queries import answered_at, answered_by
from tertulia.programme.models import Event, EventText, Participation
from tertulia.programme.queries.counting import QUESTION
from tertulia.programme.queries.texts import in_language


def participation_of(account: Account, event: Event) -> Participation | None:
    """The participation of `account` in `event`; None if it has not come in."""
    return Participation.objects.filter(account=account, event=event).first()


def participation_here(request: HttpRequest, event: Event) -> Participation | None:
    """The participation in `event` of whoever asks for a page; None for a visitor and for staff."""
    return participation_of(request.user, event) if isinstance(request.user, Account) else None


def names_region(account: Account, _request: HttpRequest) -> dict[str, Any] | None:
    """For the page about oneself: its names, latest event first; None without any.

    `names` are (participation, the event's text, whether it is open, whether one can still say there where one joins
    from).
    """
    found = (
        account.participations.select_related("event").prefetch_related("event__texts").order_by("-event__starts_on")
    )
    answered = answered_by(account, QUESTION)
    names = [
        (one, text_of(one.event), is_open, is_open and one.event.slug not in answered)
        for one in found
        for is_open in [one.event.closed_on is None]
    ]
    return {"names": names} if names else None


def events_with_people() -> QuerySet[Event]:
    """The events at which somebody is in, or is noted to have answered what is counted without names."""
    is_in = Q(pk__in=Participation.objects.values("event_id"))
    return Event.objects.filter(is_in | Q(slug__in=answered_at()))


def where_people_are() -> list[str]:
    """The keys of the events of which somebody can be forgotten."""
    return [str(key) for key in events_with_people().values_list("pk", flat=True)]


def text_of(event: Event) -> EventText:
    """What the event is called in the language of the page, else in its own."""
    return in_language(event.texts.all(), get_language() or event.language)
