"""What is read of codes for a second device."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from tertulia.kit.phrases import normalise
from tertulia.kit.randomness import token_hash
from tertulia.people.models import Account, SecondDevice


def code_hash(code: str) -> bytes:
    """What is kept of a `code`, however it is written: an HMAC under the secret of the house, which is in no table."""
    return salted_hmac("tertulia.people.second_device", normalise(code), algorithm="sha256").digest()


def device_by_code(code: str) -> SecondDevice | None:
    """What the `code` opens, with its account; None if it was used, has ended or was never made."""
    return _open().filter(code_hash=code_hash(code)).first()


def device_by_token(token: str) -> SecondDevice | None:
    """What the square with this `token` opens, with its account; None as for a code."""
    return _open().filter(token_hash=token_hash(token)).first()


def second_device_of(account: Account) -> SecondDevice | None:
    """The newest code of the account, used or not, while its minutes last; None without one."""
    return SecondDevice.objects.filter(account=account, expires_at__gt=timezone.now()).first()


def _open() -> QuerySet[SecondDevice]:
    waiting = SecondDevice.objects.select_related("account")
    return waiting.filter(is_used=False, expires_at__gt=timezone.now(), account__is_active=True)
