"""Members of staff come in by a factor, show one again, and set up their first one."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tertulia.kit.errors import Invalid
from tertulia.kit.facts import announce
from tertulia.kit.limits import Limit
from tertulia.people.actions import ceremony
from tertulia.people.actions.factor import add_staff_passkey, make_recovery_codes, remove_factor, set_up_app, take_code
from tertulia.people.actions.locking import lock_account
from tertulia.people.actions.session import begin_session
from tertulia.people.facts import SignedInByFactor
from tertulia.people.models import Account, FactorKind
from tertulia.people.queries import colleague_called
from tertulia.people.queries.factor import CAME_KEY, PROVED_KEY, Came, Shown, factors_of, fitting, shown_now
from tertulia.people.rules import is_staff

# Counted only behind a right password, so nobody else can use them up; a passkey still opens then.
WRONG_CODES = Limit(most=10, seconds=600)


def enter_with_passkey(request: HttpRequest, answer: str) -> None:
    """Sign in whoever's passkey gave the `answer` (JSON). Invalid at `credential`, whatever was wrong."""
    row = ceremony.used(request, answer)
    with transaction.atomic():
        account = lock_account(row.user)
        # Both as they are now: a dismissal or a new link may have come while the answer was looked at.
        if account is None or not is_staff(account) or row.pk not in {one.key for one in factors_of(account)}:
            raise Invalid(_("The passkey was not taken. Please try again."), where="credential")
        _enter(request, account, FactorKind.PASSKEY)


def enter_with_code(request: HttpRequest, name: str, password: str, code: str) -> None:
    """Sign in the colleague called `name` with `password` and the `code` of their app, or a recovery code.

    Invalid, with the same words and after the same work, whatever was wrong.
    """
    account = colleague_called(name) or Account()
    if not _is_shown(account, password, code):
        raise _not_open()
    with transaction.atomic():
        kind = take_code(account, code)
        if kind is None or not is_staff(account):
            raise _not_open()
        _enter(request, account, kind)


def prove_with_passkey(request: HttpRequest, account: Account, answer: str) -> None:
    """Let this session change the factors of `account` once, and for ten minutes act on those of others and on exports.

    They did so by the `answer` (JSON) of a passkey of theirs.

    Invalid at `credential` if it is not theirs, or does not fit.
    """
    if ceremony.used(request, answer).user_id != account.pk:
        raise Invalid(_("The passkey was not taken. Please try again."), where="credential")
    request.session[PROVED_KEY] = shown_now(Shown.ONCE_MORE)


def prove_with_code(request: HttpRequest, account: Account, password: str, code: str) -> None:
    """As `prove_with_passkey`, for who shows `password` and `code`. Invalid at `code`."""
    if not _is_shown(account, password, code) or take_code(account, code) is None:
        raise _not_open()
    request.session[PROVED_KEY] = shown_now(Shown.ONCE_MORE)


def keep_passkey(request: HttpRequest, account: Account, name: str, answer: str) -> None:
    """Add the passkey in the `answer` (JSON) under a `name`, and go on as who has shown it.

    Refuses as `add_staff_passkey`; Invalid at `credential` for an answer that does not fit.
    """
    credential = ceremony.added(request, account, answer)
    with transaction.atomic():
        add_staff_passkey(account, name, credential, request.session)
        _go_on(request, account)


def keep_app(request: HttpRequest, account: Account, secret: str, told: dict[str, Any]) -> None:
    """Set up the app that knows `secret`; `told` holds `code` and `password`. Refuses as `set_up_app`."""
    with transaction.atomic():
        set_up_app(account, secret, told["code"], told["password"], request.session)
        _go_on(request, account)


def renew_codes(request: HttpRequest, account: Account) -> None:
    """Make new recovery codes, to be shown with the answer. Refuses as `make_recovery_codes`."""
    make_recovery_codes(account, request.session)
    request.session[PROVED_KEY] = shown_now(Shown.AT_THE_DOOR)


def drop_factor(request: HttpRequest, account: Account, key: int) -> None:
    """Remove the factor with that row `key`; every other session of `account` ends. Refuses as `remove_factor`."""
    with transaction.atomic():
        remove_factor(account, key, request.session)
        account.sessions.all().delete()
        _go_on(request, account)


def _is_shown(account: Account, password: str, code: str) -> bool:
    """Whether both are right and the code is not used up yet; the work is the same whatever is wrong."""
    is_right = account.check_password(password)
    is_fitting = fitting(account, code) is not None
    if not is_right or WRONG_CODES.is_reached(account.public_id):
        return False
    if not is_fitting:
        WRONG_CODES.count(account.public_id)
    return is_fitting


def _enter(request: HttpRequest, account: Account, kind: FactorKind) -> None:
    begin_session(request, account, Came.FACTOR)
    request.session[PROVED_KEY] = shown_now(Shown.AT_THE_DOOR)
    # Now, and not with the answer: who dismisses them at this moment ends this session too.
    request.session.save()
    announce(SignedInByFactor(account.pk, kind))


def _go_on(request: HttpRequest, account: Account) -> None:
    """The session under a new token, as of who has shown a factor; at the machine itself it stays what it was."""
    came = Came.MACHINE if request.session.get(CAME_KEY) == Came.MACHINE else Came.FACTOR
    begin_session(request, account, came)
    request.session[PROVED_KEY] = shown_now(Shown.AT_THE_DOOR)
    request.session.save()


def _not_open() -> Invalid:
    return Invalid(_("This did not open. Please look at name, password and code; a code works once."), where="code")
