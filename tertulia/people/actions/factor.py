"""What changes the factors by which members of staff come in."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tertulia.kit.errors import Gone, Invalid, NotAllowed
from tertulia.kit.facts import announce
from tertulia.kit.tasks import enqueue
from tertulia.people.actions.locking import lock_account, lock_who_came
from tertulia.people.facts import FactorAdded, FactorRemoved, FactorsReset, RecoveryCodesMade
from tertulia.people.models import Account, FactorKind
from tertulia.people.queries.factor import TYPES, factors_of, fitting, window_of
from tertulia.people.rules import is_staff

REMOVED_FACTOR = "people.factor"
SECONDS_OF_A_WINDOW = 30
# A code is taken one window before and after its own.
WINDOWS = 3
MOST_FACTORS = 10
NAME_LENGTH = 60


def add_staff_passkey(
    account: Account, name: str, credential: dict[str, Any], session: SessionBase | None = None
) -> None:
    """Let `account` come in by the passkey in `credential`, as the ceremony gave it, under the `name` they chose.

    NotAllowed for who is not of the staff; Invalid at `name` with ten factors. Gone if who adds it in this `session`
    was signed out, as by a newer link.
    """
    with transaction.atomic():
        _hold(account, session)
        if len(factors_of(account)) >= MOST_FACTORS:
            raise Invalid(_("You have ten of them: please remove one first."), where="name")
        WebAuthn.add(account, " ".join(name.split())[:NAME_LENGTH] or _("Passkey"), credential)
        announce(FactorAdded(account.pk, FactorKind.PASSKEY))


def set_up_app(account: Account, secret: str, code: str, password: str, session: SessionBase | None = None) -> None:
    """Let `account` come in by `password` and the codes of an app that knows the `secret`, in place of earlier ones.

    Invalid at `code` if it is not one of that `secret` now. NotAllowed for who is not of the staff. The password was
    looked at before, by the form. New recovery codes are made; all sessions end. Gone
    for the `session` as in `add_staff_passkey`.
    """
    window = window_of(secret, code)
    if not window:
        raise Invalid(_("This code does not fit. It changes every half minute: please type the newest."), where="code")
    with transaction.atomic():
        _hold(account, session)
        _end(_app_of(account))
        app = TOTP.activate(account, secret).instance
        app.data["used"] = window
        app.save()
        account.set_password(password)
        account.save(update_fields=["password"])
        account.sessions.all().delete()
        RecoveryCodes.activate(account)
        announce(FactorAdded(account.pk, FactorKind.APP))


def make_recovery_codes(account: Account, session: SessionBase | None = None) -> None:
    """New recovery codes in place of the old ones. NotAllowed without an app whose codes they stand in for.

    Gone for the `session` as in `add_staff_passkey`.
    """
    with transaction.atomic():
        _hold(account, session)
        if not Authenticator.objects.filter(user_id=account.pk, type=TYPES.TOTP).exists():
            raise NotAllowed(_("Recovery codes stand in for one-time codes: set those up first."))
        _end(_app_of(account).filter(type=TYPES.RECOVERY_CODES))
        RecoveryCodes.activate(account)
        announce(RecoveryCodesMade(account.pk))


def remove_factor(account: Account, key: int, session: SessionBase | None = None) -> None:
    """Take the factor with that row `key` from `account`; with the app its password and recovery codes go.

    Gone if it is not there, or somebody else's, and for the `session` as in `add_staff_passkey`; NotAllowed for the
    last one, and for who is not of the staff.
    """
    with transaction.atomic():
        _hold(account, session)
        factors = factors_of(account)
        kind = next((factor.kind for factor in factors if factor.key == key), None)
        if kind is None:
            raise Gone(_("This is not there any more."))
        if len(factors) == 1:
            raise NotAllowed(_("It is the last one: without it you could not come in. Add another first."))
        _end(_app_of(account) if kind == FactorKind.APP else Authenticator.objects.filter(pk=key))
        account.refresh_from_db(fields=["password"])
        announce(FactorRemoved(account.pk, kind))


def reset_factors(account: Account, by: Account | None = None) -> None:
    """Take all factors from `account`, with password and recovery codes.

    `by` is the administrator who does it, None the operator. Refuses nobody: the caller has checked.
    """
    with transaction.atomic():
        lock_account(account)
        rows = Authenticator.objects.filter(user_id=account.pk)
        if not rows.exists():
            return
        _end(rows)
        account.refresh_from_db(fields=["password"])
        announce(FactorsReset(account.pk, by.pk if by else None))


def end_factor_again(key: str) -> None:
    """Take away the factor or the recovery codes with that row `key`, which a restore has brought back.

    Refuses nobody: who is left without any asks for a link.
    """
    with transaction.atomic():
        _end(Authenticator.objects.filter(pk=int(key)))


def take_code(account: Account, code: str) -> FactorKind | None:
    """Use up the `code` of the app, or the recovery code, and say which it was; None, and nothing changes, if neither.

    None as well if the password of `account` is another one meanwhile. Refuses nobody.
    """
    with transaction.atomic():
        now = lock_account(account)
        fit = fitting(account, code) if now and now.password == account.password else None
        if fit and fit.kind == FactorKind.APP:
            fit.row.data["used"] = fit.window
            fit.row.save()
        elif fit:
            RecoveryCodes(fit.row).validate_code(code)
    return fit.kind if fit else None


def forget_used_codes() -> None:
    """Forget which code an app gave last, as soon as no code of that time is taken any more. Refuses nobody."""
    with transaction.atomic():
        for row in Authenticator.objects.select_for_update().filter(type=TYPES.TOTP, data__has_key="used"):
            if row.data["used"] + WINDOWS < time.time() / SECONDS_OF_A_WINDOW:
                del row.data["used"]
                row.save()
                enqueue("people.purge")


def _hold(account: Account, session: SessionBase | None) -> None:
    """Whoever changes factors waits for who does, and for who resets them; NotAllowed for who is not of the staff."""
    if not is_staff(lock_who_came(account, session)):
        raise NotAllowed(_("Only staff come in this way."))


def _app_of(account: Account) -> QuerySet[Authenticator]:
    """The rows of the app: its secret, and the recovery codes."""
    rows: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=account.pk).exclude(type=TYPES.WEBAUTHN)
    return rows


def _end(rows: Iterable[Authenticator]) -> None:
    """Remove these rows so that no restore brings them back; with the app its password goes."""
    for row in list(rows):
        key = str(row.pk)
        if row.type == TYPES.TOTP:
            Account.objects.filter(pk=row.user_id).update(password="")
        row.delete()
        settings.ERASURES.note(REMOVED_FACTOR, key)
        enqueue("people.purge")
