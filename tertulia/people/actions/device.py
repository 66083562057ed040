"""Coming in on a second device, by a code or a square that the first one shows."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tertulia.kit.ends import MINUTE, next_full
from tertulia.kit.errors import Gone, NotAllowed
from tertulia.kit.facts import announce
from tertulia.kit.randomness import token_hash
from tertulia.kit.tasks import enqueue
from tertulia.people.actions.locking import lock_living_account, lock_who_came
from tertulia.people.actions.notice import notify
from tertulia.people.facts import DeviceCodeMade, DeviceJoined
from tertulia.people.models import Account, SecondDevice
from tertulia.people.queries.device import code_hash
from tertulia.people.rules import can_have_way_back

CODE_DIGITS = 10
CODE_MINUTES = 10
TOKEN_BYTES = 32
JOINED = "people.device_joined"


class Shown(NamedTuple):
    """What the first device shows: a `code` to be typed (ten digits in two groups), or the `token` in a square."""

    code: str
    token: str


def make_device_code(account: Account, session: SessionBase | None = None) -> Shown:
    """A code and a square for the account, in place of those before; either works once, within ten minutes.

    NotAllowed for an account of staff and for a closed one; Gone if the account was deleted a moment ago, or who
    makes it in this `session` was signed out.
    """
    if not can_have_way_back(account):
        raise NotAllowed(_("This account comes in on no other device in this way."))
    digits = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    shown = Shown(f"{digits[:5]} {digits[5:]}", secrets.token_urlsafe(TOKEN_BYTES))
    kept = {"code_hash": code_hash(digits), "token_hash": token_hash(shown.token), "is_used": False}
    with transaction.atomic():
        # Not while a new way back in is being kept, which ends the codes that were made before.
        lock_who_came(account, session)
        SecondDevice.objects.update_or_create(account=account, defaults=kept | {"expires_at": _end()})
        announce(DeviceCodeMade(account.pk))
    return shown


def use_device_code(device: SecondDevice) -> Account:
    """Use the code of the device up: the account that may come in now, and that finds a notice of it.

    Gone if somebody was faster, it has ended, or the account was deleted a moment ago.
    """
    with transaction.atomic():
        account = lock_living_account(device.account)
        waiting = SecondDevice.objects.filter(pk=device.pk, is_used=False, expires_at__gt=timezone.now())
        if not waiting.update(is_used=True):
            raise Gone(_("This code was used already, or its ten minutes are over."))
        notify(account, JOINED)
        announce(DeviceJoined(account.pk))
    return account


def clear_device_codes() -> None:
    """Remove the codes whose minutes are over, used or not. Refuses nobody."""
    with transaction.atomic():
        if SecondDevice.objects.filter(expires_at__lte=timezone.now()).delete()[0]:
            enqueue("people.purge")


def _end() -> datetime:
    """Ten minutes from now, up to the full minute: it says no second."""
    return next_full(MINUTE, timezone.now() + timedelta(minutes=CODE_MINUTES))
