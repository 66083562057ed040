"""How Django gets from a session to an account; nobody signs in through here with a password."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from tertulia.people.models import Account


class AccountBackend(ModelBackend):
    """Accounts by key, permissions by group; `authenticate` accepts nothing, since there is no password."""

    def authenticate(self, *_args: object, **_credentials: object) -> Account | None:
        """Nobody: coming in and coming back are actions of `people`, not credentials of Django."""
        return None
