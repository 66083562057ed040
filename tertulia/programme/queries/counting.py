"""Who came to an event, in rounded figures; the raw ones are nowhere to be read."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

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


def groups_that_came(event: Event) -> list[tuple[str, int]]:
    """How many screens several people shared, rounded, by bands of how many they were: [(band, number)]."""
    table = released_tables([event.slug], "group").get(event.slug)
    cells = sorted(table.cells.all(), key=lambda cell: int(cell.answer.split("-")[0])) if table else []
    return [(_band(cell.answer), cell.number) for cell in cells]


def may_say_where_from(participation: Participation) -> bool:
    """Whether whoever is in at the event could still say where they join from."""
    event = participation.event
    return event.closed_on is None and not has_answered(participation.account, event.slug, QUESTION)


def _band(group: str) -> str:
    first, last = group.split("-")
    return f"{first}–{last}" if last else _("%(people)s or more") % {"people": first}


def _told(table: ReleasedTable, language: str) -> WhoCame:
    named = [(country_name(cell.answer, language), cell.number) for cell in table.cells.all()]
    return WhoCame(sorted(named, key=lambda one: (-one[1], one[0])), table.total, table.different)
