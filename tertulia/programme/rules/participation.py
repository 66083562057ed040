"""Who may come in to an event."""

from __future__ import annotations

from tertulia.people.models import Account
from tertulia.programme.models import Event


def can_join(event: Event, account: Account | None = None) -> bool:
    """Whether `account` (None: somebody new) may come in: a closed account may not, and no event that is not saved."""
    stands = not event._state.adding  # noqa: SLF001 - Django's documented way to tell a saved row
    return stands and (account is None or account.is_active)
