"""What the programme does when something happens to it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tertulia.kit.facts import on_fact
from tertulia.kit.registry import Told
from tertulia.people.actions import keep_record
from tertulia.people.facts import ConsentGiven, ConsentWithdrawn
from tertulia.programme import facts
from tertulia.programme.facts import EventClosed, ScheduleImported
from tertulia.programme.models import Event, Session

EventFact = facts.ScheduleImported | facts.EventClosed | facts.EventWorded | facts.ParticipationsForgotten


def listen() -> None:
    """Pictures go when a programme was read or a name taken back; counting ends with the event.

    Who gives a name again may be named again. What is done with an event is kept in the audit log.
    """
    on_fact(ScheduleImported, "programme.clear_cards", lambda fact: (fact.event_id,))
    on_fact(ConsentWithdrawn, "programme.clear_cards_of", lambda fact: (fact.person_id,))
    on_fact(ConsentGiven, "programme.name_again", lambda fact: (fact.person_id,))
    on_fact(EventClosed, "programme.end_counting", lambda fact: (fact.event_id,))
    _keep_records()


def _keep_records() -> None:
    keep_record(facts.ScheduleImported, _("A programme was imported"), _event)
    keep_record(facts.EventClosed, _("An event was closed"), _event)
    keep_record(facts.EventWorded, _("The words of an event were written"), _event)
    keep_record(facts.SessionTranslated, _("A session was translated"), _session)
    keep_record(facts.ParticipationsForgotten, _("Who was in at an event was forgotten"), _event)


def _event(fact: EventFact) -> Told:
    slug = Event.objects.values_list("slug", flat=True).get(pk=fact.event_id)
    return Told("event", str(slug), getattr(fact, "by_id", None))


def _session(fact: facts.SessionTranslated) -> Told:
    slug = Session.objects.values_list("event__slug", flat=True).get(pk=fact.session_id)
    return Told("event", str(slug), fact.by_id)
