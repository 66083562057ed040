"""Our own session store: a hashed token, what the session holds, and a day on which it ends.

The visitor's cookie is a sealed box with the token and the last moment of use. A session that nobody uses for
30 minutes has ended, and yet no table says when anybody was here. Only on a device that somebody calls their own it
stays for 30 days; then the day in the table is the same for a whole week.
"""

from __future__ import annotations

import json
import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import DatabaseError, IntegrityError, router, transaction
from django.utils import timezone

from tertulia.kit.handover import close, opened
from tertulia.kit.randomness import token_hash
from tertulia.kit.sealing import Unreadable
from tertulia.people.models import Session
from tertulia.people.rules import IDLE_MINUTES, STAY_DAYS

TOKEN_BYTES = 32
DAY = 86_400
IDLE_SECONDS = IDLE_MINUTES * 60
STAY_SECONDS = STAY_DAYS * DAY
RENEWED_AFTER_SECONDS = 60
LABEL = "people.session"
# Before the token of a session that stays; no token has it in itself.
_STAYS = "+"


class SessionStore(SessionBase):
    """Django's session interface over `people.Session`; the token itself is only in the visitor's cookie."""

    def __init__(self, session_key: str | None = None) -> None:
        token, self.idle_seconds = _token_and_age(session_key or "")
        self._stays = token.startswith(_STAYS)
        self._is_new = False
        super().__init__(token.removeprefix(_STAYS))

    @property
    def session_key(self) -> str | None:
        """What goes into the cookie: the token, whether it stays, and this moment, sealed."""
        token: str | None = self._session_key
        return close(f"{_STAYS if self._stays else ''}{token}".encode(), LABEL) if token else None

    @property
    def is_due_for_renewal(self) -> bool:
        """Whether the cookie is in use and its moment is old enough to be written anew."""
        after, until = (DAY, STAY_SECONDS) if self._stays else (RENEWED_AFTER_SECONDS, IDLE_SECONDS)
        return bool(self._session_key) and after <= self.idle_seconds < until

    @property
    def max_age(self) -> int | None:
        """How many seconds the browser keeps the cookie; None: until it is closed."""
        return STAY_SECONDS if self._stays else None

    def set_expiry(self, value: datetime | timedelta | int | None) -> None:
        """End with the browser or after half an hour without use (0, None), or stay (anything else: it is all one)."""
        self._stays, self.modified = bool(value), True

    def get_expire_at_browser_close(self) -> bool:
        """Whether the cookie ends with the browser."""
        return not self._stays

    def get_expiry_age(self, **_given: Any) -> int:
        """How many seconds the browser keeps the cookie of a session that stays."""
        return STAY_SECONDS

    def flush(self) -> None:
        """End the session; the next one of this browser does not stay."""
        self._stays = False
        super().flush()

    def create(self) -> None:
        """Begin a session under a new token; its row is written once, when what it holds is saved."""
        self._session_key = secrets.token_urlsafe(TOKEN_BYTES)
        self.idle_seconds = 0.0
        self._is_new = self.modified = True

    def load(self) -> dict[str, Any]:
        """What the session holds; an unknown, idle or ended one is empty and gets a new token when it is saved."""
        if self.idle_seconds >= (STAY_SECONDS if self._stays else IDLE_SECONDS):
            self.delete()
        row = Session.objects.filter(token_hash=token_hash(self._session_key or ""), expires_on__gte=_today()).first()
        if row is None:
            self._session_key, self._stays = None, False
            return {}
        self.modified = self.modified or row.expires_on < self._ends_on()
        held: dict[str, Any] = json.loads(row.held)
        return held

    def exists(self, session_key: str) -> bool:
        """Whether a session of that cookie is known."""
        return Session.objects.filter(token_hash=token_hash(_token_of(session_key))).exists()

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Keep what the session holds; CreateError or UpdateError as Django's own stores raise them."""
        if self._session_key is None:
            self.create()
        must_create = must_create or self._is_new
        held = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        try:
            with transaction.atomic(using=router.db_for_write(Session)):
                self._write(held, must_create=must_create)
        except IntegrityError as fault:
            raise (CreateError if must_create else UpdateError) from fault
        except DatabaseError as fault:
            if must_create:
                raise
            raise UpdateError from fault
        self._is_new = False

    def delete(self, session_key: str | None = None) -> None:
        """End the session of that cookie (by default this one)."""
        token = _token_of(session_key) if session_key else self._session_key
        if token:
            Session.objects.filter(token_hash=token_hash(token)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Remove the sessions whose last day has passed."""
        Session.objects.filter(expires_on__lt=_today()).delete()

    def _write(self, held: dict[str, Any], *, must_create: bool) -> None:
        token = token_hash(self._session_key or "")
        row = {
            "account_id": held.get(SESSION_KEY),
            "held": json.dumps(held, sort_keys=True),
            "expires_on": self._ends_on(),
        }
        if must_create:
            Session.objects.create(token_hash=token, **row)
        elif not Session.objects.filter(token_hash=token).update(**row):
            raise UpdateError

    def _ends_on(self) -> date:
        """A day later and no more, or the Monday that follows so many days; whoever goes on using it moves it on."""
        if not self._stays:
            return _today() + timedelta(days=1)
        last = _today() + timedelta(days=STAY_DAYS)
        return last + timedelta(days=7 - last.weekday())


def _token_and_age(cookie: str) -> tuple[str, float]:
    try:
        token, age = opened(cookie, LABEL)
    except Unreadable:
        return "", 0.0
    return token.decode(), age


def _token_of(cookie: str) -> str:
    return _token_and_age(cookie)[0].removeprefix(_STAYS)


def _today() -> date:
    return timezone.now().date()
