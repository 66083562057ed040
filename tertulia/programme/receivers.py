"""What the programme does when something happens to it."""

from __future__ import annotations

from tertulia.kit.facts import on_fact
from tertulia.people.facts import ConsentGiven, ConsentWithdrawn
from tertulia.programme.facts import EventClosed, ScheduleImported


def listen() -> None:
    """Pictures go when a programme was read or a name taken back; counting ends with the event.

    Who gives a name again may be named again.
    """
    on_fact(ScheduleImported, "programme.clear_cards", lambda fact: (fact.event_id,))
    on_fact(ConsentWithdrawn, "programme.clear_cards_of", lambda fact: (fact.person_id,))
    on_fact(ConsentGiven, "programme.name_again", lambda fact: (fact.person_id,))
    on_fact(EventClosed, "programme.end_counting", lambda fact: (fact.event_id,))
