"""By what members of staff come in, and whether a session has shown it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tertulia.kit.errors import Gone
from tertulia.kit.handover import close, opened
from tertulia.kit.sealing import Unreadable
from tertulia.people.models import Account, FactorKind
from tertulia.people.rules import Visitor, is_staff, needs_factor

# In a session: how it began (a `Came`), and the moment in which a factor was shown (a sealed `Shown`).
CAME_KEY, PROVED_KEY = "came", "proved"
TYPES = Authenticator.Type
SECRET_LABEL = "people.factor.new"  # noqa: S105 - what a box is called
SECONDS_TO_SET_UP = 1800
# Who has shown a factor may act for so long: enough to let in a few colleagues in a row, and gone before somebody else
# sits down at the screen, who has the session itself for half an hour.
SECONDS_SHOWN = 600
SHOWN_LABEL = "people.factor.shown"
# What a code of somebody who is not there is held against, so that it costs as much.
NOBODYS_SECRET = totp.generate_totp_secret()


class Came(StrEnum):
    """How a session of staff began: a factor, a link of the machine itself, or a link that sets up a factor."""

    FACTOR = "factor"
    MACHINE = "machine"
    INVITATION = "invitation"


class Shown(StrEnum):
    """When a factor was shown: at the door, or once more, inside."""

    AT_THE_DOOR = "door"
    ONCE_MORE = "more"


class Factor(NamedTuple):
    """Something a colleague comes in by: its row key, its kind, and what they call it (empty for the app)."""

    key: int
    kind: FactorKind
    name: str


class Fit(NamedTuple):
    """A code that opens: the row it belongs to, and the half minute it is of (0 for a recovery code)."""

    row: Authenticator
    kind: FactorKind
    window: int


def who_is_in(request: HttpRequest) -> Visitor:
    """Who is signed in; nobody while a member of staff has shown no factor in this session."""
    account: Visitor = get_user(request)
    has_shown = request.session.get(CAME_KEY) in {Came.FACTOR, Came.MACHINE} if needs_factor(account) else True
    return account if has_shown else AnonymousUser()


def setting_up(request: HttpRequest) -> Account | None:
    """The colleague whom a link has led here to set up a factor, and who has not yet; None for all others."""
    account: Visitor = get_user(request)
    has_come = request.session.get(CAME_KEY) == Came.INVITATION
    return account if has_come and isinstance(account, Account) and is_staff(account) else None


def colleague_at(request: HttpRequest) -> Account | None:
    """The colleague who may look after their factors in this session, or None."""
    account: Visitor = get_user(request)
    is_in = who_is_in(request).is_authenticated and is_staff(account)
    return account if is_in and isinstance(account, Account) else setting_up(request)


def may_change_factors(request: HttpRequest) -> bool:
    """Whether this session shows enough to add or remove a factor: it set out to, or one was shown once more."""
    has_set_out = request.session.get(CAME_KEY) in {Came.MACHINE, Came.INVITATION}
    return has_set_out or _shown_lately(request) == Shown.ONCE_MORE


def has_shown_lately(request: HttpRequest) -> bool:
    """Whether a factor was shown within the last ten minutes, at the door or once more.

    Of who came by a link of the machine itself none is asked for.
    """
    return request.session.get(CAME_KEY) == Came.MACHINE or _shown_lately(request) is not None


def shown_now(shown: Shown) -> str:
    """What a session holds of a factor that is `shown` now: sealed, so that no row tells when that was."""
    return close(shown.value.encode(), SHOWN_LABEL)


def factors_of(account: Account) -> list[Factor]:
    """What the account comes in by, passkeys first; recovery codes are none, since they stand in for one."""
    rows = _rows(account).exclude(type=TYPES.RECOVERY_CODES)
    found = [_factor(row) for row in rows]
    return sorted(found, key=lambda factor: (factor.kind == FactorKind.APP, factor.name.casefold()))


def kept_factors() -> list[str]:
    """The row keys of all factors and recovery codes, as text."""
    return [str(key) for key in Authenticator.objects.values_list("pk", flat=True)]


def recovery_codes(account: Account) -> list[str] | None:
    """The recovery codes that were not used yet; None if there are none at all, or they cannot be read any more."""
    row = _rows(account).filter(type=TYPES.RECOVERY_CODES).first()
    try:
        return list(RecoveryCodes(row).get_unused_codes()) if row else None
    except Unreadable:
        return None


def fitting(account: Account, code: str) -> Fit | None:
    """What the `code` (of the app, or a recovery code) belongs to, if it opens and was not used yet.

    One of somebody who is not there costs as much to look at.
    """
    rows = {row.type: row for row in _rows(account).exclude(type=TYPES.WEBAUTHN)}
    app, codes = rows.get(TYPES.TOTP), rows.get(TYPES.RECOVERY_CODES)
    window = window_of(_secret(app), code)
    if app and window and window > app.data.get("used", 0):
        return Fit(app, FactorKind.APP, window)
    is_left = any(compare_user_code(actual=code, expected=one) for one in recovery_codes(account) or [])
    return Fit(codes, FactorKind.RECOVERY_CODE, 0) if codes and is_left else None


def window_of(secret: str, code: str) -> int:
    """The half minute, counted from 1970, for which an app that knows `secret` shows this code; 0 if it is none near.

    Near are this one, the one before and the one after.
    """
    for window in totp.yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, window))):
            return int(window)
    return 0


def new_secret(account: Account) -> str:
    """A new secret for the app of `account`, sealed, for the form that sets it up: nothing is stored before."""
    return close(totp.generate_totp_secret().encode(), f"{SECRET_LABEL} {account.public_id}")


def secret_in(box: str, account: Account) -> str:
    """The secret in a `box` of `new_secret` for this account. Gone if it is no such box, or older than half an hour."""
    try:
        secret, age = opened(box, f"{SECRET_LABEL} {account.public_id}")
    except Unreadable as fault:
        raise Gone(_("This page is too old: please begin again.")) from fault
    if age > SECONDS_TO_SET_UP:
        raise Gone(_("This page is too old: please begin again."))
    return secret.decode()


def _shown_lately(request: HttpRequest) -> Shown | None:
    try:
        shown, age = opened(request.session.get(PROVED_KEY, ""), SHOWN_LABEL)
    except Unreadable:
        return None
    return Shown(shown.decode()) if age < SECONDS_SHOWN else None


def _rows(account: Account) -> QuerySet[Authenticator]:
    rows: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=account.pk)
    return rows


def _factor(row: Authenticator) -> Factor:
    is_passkey = row.type == TYPES.WEBAUTHN
    return Factor(row.pk, FactorKind.PASSKEY if is_passkey else FactorKind.APP, row.wrap().name if is_passkey else "")


def _secret(app: Authenticator | None) -> str:
    try:
        return str(decrypt(app.data["secret"])) if app else str(NOBODYS_SECRET)
    except Unreadable:
        return str(NOBODYS_SECRET)
