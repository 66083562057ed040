"""Our own session store: a hashed token, what the session holds, and a day on which it ends."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import DatabaseError, IntegrityError, router, transaction
from django.utils import timezone

from tertulia.people.models import Session

TOKEN_BYTES = 32


class SessionStore(SessionBase):
    """Django's session interface over `people.Session`; the token itself is only in the visitor's cookie."""

    def create(self) -> None:
        """Begin a session under a new token."""
        self._session_key = secrets.token_urlsafe(TOKEN_BYTES)
        self.save(must_create=True)
        self.modified = True

    def load(self) -> dict[str, Any]:
        """What the session holds; an unknown or ended one is empty and gets a new token when it is saved."""
        row = Session.objects.filter(pk=token_hash(self.session_key or ""), expires_on__gte=_today()).first()
        if row is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = json.loads(row.held)
        return held

    def exists(self, session_key: str) -> bool:
        """Whether a session of that token is known."""
        return Session.objects.filter(pk=token_hash(session_key)).exists()

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Keep what the session holds; CreateError or UpdateError as Django's own stores raise them."""
        if self.session_key is None:
            self.create()
            return
        held = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        row = Session(
            token_hash=token_hash(self.session_key),
            account_id=held.get(SESSION_KEY),
            held=json.dumps(held, sort_keys=True),
            expires_on=_today() + timedelta(days=max(1, -(-self.get_expiry_age() // 86_400))),
        )
        try:
            with transaction.atomic(using=router.db_for_write(Session)):
                row.save(force_insert=must_create, force_update=not must_create)
        except IntegrityError as fault:
            raise (CreateError if must_create else UpdateError) from fault
        except DatabaseError as fault:
            if must_create:
                raise
            raise UpdateError from fault

    def delete(self, session_key: str | None = None) -> None:
        """End the session of that token (by default this one)."""
        token = session_key or self.session_key
        if token:
            Session.objects.filter(pk=token_hash(token)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Remove the sessions whose last day has passed."""
        Session.objects.filter(expires_on__lt=_today()).delete()


def token_hash(token: str) -> bytes:
    """What the database keeps of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).digest()


def _today() -> date:
    return timezone.now().date()
