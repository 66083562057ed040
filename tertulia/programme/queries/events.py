"""Events as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from tertulia.programme.models import Event, EventText
from tertulia.programme.queries.programme import covers_of
from tertulia.programme.queries.texts import in_language


@dataclass(frozen=True)
class Shown:
    """An event with its text in the reader's language, or else in its own."""

    event: Event
    text: EventText
    today: date

    @property
    def is_on(self) -> bool:
        """Whether it is on today; a day more on both sides, since it is not one day everywhere."""
        day = timedelta(days=1)
        return self.event.starts_on - day <= self.today <= self.event.ends_on + day

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed everywhere."""
        return not self.is_on and self.event.ends_on < self.today


def events_shown(language: str) -> list[Shown]:
    """All events: what is on, what comes (the nearest first), what was (the latest first)."""
    found = [_shown(event, language) for event in Event.objects.prefetch_related("texts")]
    coming = sorted((one for one in found if not one.is_over), key=lambda one: one.event.starts_on)
    return [*coming, *(one for one in found if one.is_over)]


def event_shown(slug: str, language: str) -> Shown | None:
    """The event at that address, or None."""
    event = Event.objects.filter(slug=slug).prefetch_related("texts").first()
    return _shown(event, language) if event else None


def is_event(slug: str) -> bool:
    """Whether there is an event at that address."""
    return Event.objects.filter(slug=slug).exists()


def next_event(language: str) -> Shown | None:
    """What is on or comes next; after the last one, the latest; None before the first is made."""
    events = events_shown(language)
    return events[0] if events else None


def home_region(_page: object, _request: HttpRequest) -> dict[str, Any] | None:
    """The next event and some of its sessions, for the front page; None without any."""
    language = get_language() or "en"
    shown = next_event(language)
    return {"shown": shown, "covers": covers_of(shown.event, language)} if shown else None


def hero_region(_page: object, _request: HttpRequest) -> dict[str, Any] | None:
    """The next event, for the first thing to do on the front page; None without any."""
    shown = next_event(get_language() or "en")
    return {"shown": shown} if shown else None


def _shown(event: Event, language: str) -> Shown:
    return Shown(event, in_language(event.texts.all(), language), timezone.now().date())
