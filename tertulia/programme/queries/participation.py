"""Who is in at an event."""

from __future__ import annotations

from tertulia.people.models import Account
from tertulia.programme.models import Event, Participation


def participation_of(account: Account, event: Event) -> Participation | None:
    """The participation of `account` in `event`; None if it has not come in."""
    return Participation.objects.filter(account=account, event=event).first()
