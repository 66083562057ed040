"""The events as those who run them look at them: how far each is, what it has, what it lacks."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from tertulia.programme.models import Event, Room, Session
from tertulia.programme.queries.counting import WhoCame, who_came_to
from tertulia.programme.queries.events import Shown, events_shown


@dataclass(frozen=True)
class Overview:
    """An event, and how many confirmed sessions and rooms it has; `without_time` of the sessions have no slot.

    `who_came` are the rounded figures that everybody sees, once they are released.
    """

    shown: Shown
    sessions: int
    without_time: int
    rooms: int
    who_came: WhoCame | None = None

    @property
    def event(self) -> Event:
        """The event itself."""
        return self.shown.event

    @property
    def is_closed(self) -> bool:
        """Whether nobody comes in or writes any more."""
        return self.event.closed_on is not None

    @property
    def is_left_open(self) -> bool:
        """Whether it is over and somebody may still come in; sample events stay open on purpose."""
        return self.shown.is_over and not self.is_closed and not self.event.is_sample


def events_overview(language: str) -> list[Overview]:
    """All events, in the order of `events_shown`; each with an original text in `language` or its own."""
    on = Session.objects.filter(state=Session.State.CONFIRMED)
    placed = Count("pk", filter=Q(slots__isnull=False), distinct=True)
    counted = on.values_list("event").annotate(number=Count("pk", distinct=True), placed=placed).order_by()
    sessions = {event: (number, number - with_time) for event, number, with_time in counted}
    rooms = dict(Room.objects.values_list("event").annotate(number=Count("pk")).order_by())
    all_shown = events_shown(language)
    came = who_came_to([shown.event for shown in all_shown], language)
    return [
        Overview(shown, *sessions.get(shown.event.pk, (0, 0)), rooms.get(shown.event.pk, 0), came.get(shown.event.slug))
        for shown in all_shown
    ]
