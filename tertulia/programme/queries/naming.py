"""Under which names one comes in to an event: not under that of somebody whom its programme credits."""

from __future__ import annotations

import time
from functools import lru_cache

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tertulia.kit.errors import Invalid
from tertulia.kit.names import CHOSEN, look_alike, look_of
from tertulia.people.models import Account, Person
from tertulia.people.queries.naming import chosen_name
from tertulia.programme.models import Event, Participation

# How long a process remembers how the names of an event look: to work it out takes ten times as long as to come in.
SECONDS_REMEMBERED = 60
EVENTS_REMEMBERED = 32


def name_at(event: Event, text: str, account: Account | None = None) -> str:
    """The name of the `account`, or of a newcomer, at the event as it will be shown; Invalid at `chosen_name`.

    Refused is what `people.queries.naming.chosen_name` refuses, and a `text` that reads like the name of somebody whom
    the event credits, unless the account has claimed that credit.
    """
    name = chosen_name(text)
    if hash(look_of(name)) in _looks_at(event.pk, int(time.monotonic() / SECONDS_REMEMBERED)):
        _refuse_imitation(event, name, account)
    return name


def bears_now(name: str) -> bool:
    """Whether somebody who is in anywhere goes by a name that could be taken for `name`."""
    return any(look_alike(name, chosen) for chosen in Participation.objects.values_list("chosen_name", flat=True))


def _refuse_imitation(event: Event, name: str, account: Account | None) -> None:
    """What was remembered is looked at anew: somebody may have claimed the credit, or taken their name back."""
    rows = _credited(event.pk).values_list("name", "account")
    claimed_by = {owner for credited, owner in rows if look_of(credited) == look_of(name)}
    if claimed_by and (account is None or account.pk not in claimed_by):
        raise Invalid(
            _("The programme names somebody so. Please choose another name, or claim your credit first."), CHOSEN
        )


@lru_cache(maxsize=EVENTS_REMEMBERED)
def _looks_at(event_id: int, _minute: int) -> frozenset[int]:
    """Hashes, under the key of this process, of how the names look that the event credits: no name stays in memory."""
    looks = (look_of(name) for name in _credited(event_id).values_list("name", flat=True))
    return frozenset(hash(look) for look in looks if look)


def _credited(event_id: int) -> QuerySet[Person]:
    return Person.objects.filter(credits__session__event=event_id).exclude(name="").distinct()
