"""Who came to an event, in rounded figures; the raw ones are nowhere to be read."""

from __future__ import annotations

from dataclasses import dataclass

from tertulia.kit.countries import country_name
from tertulia.people.models import ReleasedTable
from tertulia.people.queries import has_answered, released_tables
from tertulia.programme.models import Event, Participation

QUESTION = "country"


@dataclass(frozen=True)
class WhoCame:
    """From which countries how many joined: [(country, number)], the most first; None where nothing can be said."""

    countries: list[tuple[str, int]]
    total: int | None
    different: int | None


def who_came(event: Event, language: str) -> WhoCame | None:
    """The released figures of the event, with countries named in `language`; None before they are released."""
    table = released_tables([event.slug], QUESTION).get(event.slug)
    return _told(table, language) if table else None


def who_came_to(events: list[Event], language: str) -> dict[str, WhoCame]:
    """The same for each of `events` by its address, as far as it is released, at the price of one."""
    found = released_tables([event.slug for event in events], QUESTION)
    return {slug: _told(table, language) for slug, table in found.items()}


def may_say_where_from(participation: Participation) -> bool:
    """Whether whoever is in at the event could still say where they join from."""
    event = participation.event
    return event.closed_on is None and not has_answered(participation.account, event.slug, QUESTION)


def _told(table: ReleasedTable, language: str) -> WhoCame:
    named = [(country_name(cell.answer, language), cell.number) for cell in table.cells.all()]
    return WhoCame(sorted(named, key=lambda one: (-one[1], one[0])), table.total, table.different)
