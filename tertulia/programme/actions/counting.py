"""Saying where one joins from, and the end of the counting."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tertulia.kit.errors import Gone
from tertulia.people import actions
from tertulia.programme.models import Event, Participation


def say_where_from(participation: Participation, country: str) -> None:
    """Count one more participant from `country` (a code of `kit.countries`), without saying whose answer it was.

    Gone if the event is closed. Otherwise refuses as `people.actions.count_participation` does. In no transaction.
    """
    if participation.event.closed_on is not None:
        raise Gone(_("This event is closed: nobody is counted any more."))
    actions.count_participation(participation.account, participation.event.slug, "country", country)


def say_how_many(participation: Participation, people: int) -> None:
    """Count one more group of so many `people` at one screen, in a band, without saying who they are.

    Gone if the event is closed. Otherwise refuses as `people.actions.count_group` does. In no transaction.
    """
    if participation.event.closed_on is not None:
        raise Gone(_("This event is closed: nobody is counted any more."))
    actions.count_group(participation.account, participation.event.slug, people)


def end_counting(event: Event) -> None:
    """From now on nobody is counted at the event; rounded figures are released some minutes later. Refuses nobody."""
    actions.end_counting(event.slug)
