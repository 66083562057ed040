"""What lets somebody into an account ends together, and what a device has answered opens nothing again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction
from django.utils import timezone

from tertulia.kit.randomness import token_hash
from tertulia.kit.tasks import enqueue
from tertulia.people.models import Account, Passkey, SecondDevice, SpentChallenge

REMOVED_PASSKEY = "people.passkey"


def end_sessions(account: Account, session: SessionBase | None) -> None:
    """End every session of the account but this `session`, and its code for a second device.

    In a transaction; refuses nobody.
    """
    account.sessions.all().delete()
    SecondDevice.objects.filter(account=account).delete()
    if session is not None:
        _begin_again(session, account)


def end_passkeys(passkeys: Iterable[Passkey]) -> None:
    """Remove these passkeys so that no restore brings them back; in a transaction, refuses nobody."""
    for passkey in list(passkeys):
        key = passkey.pk
        passkey.delete()
        settings.ERASURES.note(REMOVED_PASSKEY, str(key))
        enqueue("people.purge")


def is_first_answer(asked: str) -> bool:
    """Whether nobody has answered what was `asked` of a device before; from now on somebody has. Refuses nobody."""
    expires_on = timezone.now().date() + timedelta(days=1)
    try:
        with transaction.atomic():
            SpentChallenge.objects.create(digest=token_hash(asked), expires_on=expires_on)
    except IntegrityError:
        return False
    return True


def _begin_again(session: SessionBase, account: Account) -> None:
    """Write the session anew under the token it has: if the answer is lost, the browser is still in."""
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save(must_create=True)
