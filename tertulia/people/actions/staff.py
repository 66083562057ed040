"""Inviting staff, giving them roles, and the links by which they set up how they come in."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tertulia.kit.ends import DAY, HOUR, MINUTE, next_full
from tertulia.kit.errors import Invalid, NotAllowed
from tertulia.kit.facts import announce
from tertulia.kit.names import refuse_disguised
from tertulia.kit.randomness import token_hash
from tertulia.people.actions.factor import reset_factors
from tertulia.people.actions.locking import lock_account
from tertulia.people.actions.powers import derive_powers, hold_administration
from tertulia.people.facts import Appointed, Dismissed, Invited, SignedInByLink, SignInLinkIssued
from tertulia.people.models import PSEUDONYM_LENGTH, Account, Appointment, SignInLink, StaffRole
from tertulia.people.queries import is_pseudonym_taken, sign_in_link, spelled
from tertulia.people.rules import can_appoint, can_be_limited, can_dismiss, is_scope, is_staff

TOKEN_BYTES = 32
DISMISSED = "people.staff"
LONGEST_MINUTES = 7 * 24 * 60


def invite(pseudonym: str, role: StaffRole, scope: str = "", by: Account | None = None) -> Account:
    """Make an account for a colleague known as `pseudonym`, in a role; `scope` and `by` as for `appoint`.

    NotAllowed unless `by` may appoint; Invalid at `pseudonym` if it is empty, too long or not what it looks like, or
    if a colleague, present or former, is called so or nearly so: what one of them did must not be taken for another's.
    """
    name = spelled(pseudonym)
    if not name or len(name) > PSEUDONYM_LENGTH:
        raise Invalid(_("A colleague needs a name of 1 to 80 characters."), where="pseudonym")
    refuse_disguised(name, "pseudonym")
    with transaction.atomic():
        account = _called(name)
        appoint(account, role, scope, by)
        announce(Invited(account.pk, by.pk if by else None))
    return account


def appoint(account: Account, role: StaffRole, scope: str = "", by: Account | None = None) -> Appointment:
    """Give `account` a role in `scope` (an event's address; empty: everywhere); twice is once.

    `by` is the administrator who does it, or None: the operator at the machine. NotAllowed for anybody else;
    Invalid at `scope` for an event that there is none of, and for a role that holds for the whole house; Invalid at
    `account` for a participant's account, since who organises and who takes part stay two accounts that nothing
    joins, and for one that was dismissed.
    """
    if scope and not can_be_limited(role):
        raise Invalid(_("This role is one for the whole house, not for one event."), where="scope")
    if scope and not is_scope(scope):
        raise Invalid(_("There is no event at the address “%(scope)s”.") % {"scope": scope}, where="scope")
    if account.way_back is not None:
        raise Invalid(_("A participant's account stays apart from those of staff: invite them anew."), where="account")
    with transaction.atomic():
        now = lock_account(account)
        hold_administration()
        if not can_appoint(by):
            raise NotAllowed(_("Only an administrator gives roles."))
        if now is None or not now.is_active:
            raise Invalid(_("This account was closed: invite the colleague anew."), where="account")
        appointment, _new = Appointment.objects.get_or_create(account=account, role=role, scope=scope)
        derive_powers(account)
        announce(Appointed(account.pk, role, scope, by.pk if by else None))
    return appointment


def dismiss(account: Account, by: Account | None = None) -> None:
    """End an account of staff: its roles, powers, factors, sessions and links go, and nobody can enter it again.

    `by` as for `appoint`. NotAllowed for anybody else, and for one's own account: another administrator does that.
    Invalid at `account` if it holds no role. The account itself stays, closed, since what a colleague published still
    names it.
    """
    with transaction.atomic():
        lock_account(account)
        hold_administration()
        if not can_dismiss(by):
            raise NotAllowed(_("Only an administrator ends an account of staff."))
        if by == account:
            raise NotAllowed(_("Your own account is ended by another administrator."))
        if not account.appointments.exists():
            raise Invalid(_("This account is not one of the staff."), where="account")
        for held in (account.appointments, account.sessions, account.sign_in_links, account.exports_asked):
            held.all().delete()
        reset_factors(account, by)
        account.user_permissions.clear()
        account.is_active = False
        account.save(update_fields=["is_active"])
        derive_powers(account)
        settings.ERASURES.note(DISMISSED, account.public_id)
        announce(Dismissed(account.pk, by.pk if by else None))


def dismiss_again(public_id: str) -> None:
    """End the account of staff with that public id, which a restore has brought back."""
    dismiss(Account.objects.get(public_id=public_id))


def issue_sign_in_link(
    account: Account, minutes: int, *, loopback_only: bool = False, by: Account | None = None
) -> str:
    """The token of a link by which a member of staff sets up once, within `minutes` (1 to 10,080), how they come in.

    It ends with the full hour after them; one for a day or more with the full day (UTC).
    Their factors go: it is for who is new, and for who has lost them. `loopback_only`: on the machine itself alone,
    where it signs them in and the factors stay, since who may run commands there may do everything anyway. Older links
    and open sessions of the account end. `by` as for `appoint`. NotAllowed for anybody else, if the account holds no
    role, and for a link of one's own: who finds a session open must not take it over. Invalid at `minutes`.
    """
    _refuse_link(account, minutes, by)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        _hold_to_let_in(account, by)
        account.sign_in_links.all().delete()
        account.sessions.all().delete()
        if not loopback_only:
            reset_factors(account, by)
        account.sign_in_links.create(
            token_hash=token_hash(token),
            expires_at=_end_of_link(minutes),
            loopback_only=loopback_only,
        )
        announce(SignInLinkIssued(account.pk, by.pk if by else None))
    return token


def _refuse_link(account: Account, minutes: int, by: Account | None) -> None:
    if by is not None and by.pk == account.pk:
        raise NotAllowed(_("Your own link is made by another administrator."))
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Invalid(_("A link lasts from one minute to a week."), where="minutes")


def _end_of_link(minutes: int) -> datetime:
    """Up to the full hour, of a link for a day or more up to the full day: hours say when colleagues are awake."""
    unit = DAY if minutes >= DAY / MINUTE else HOUR
    return next_full(unit, timezone.now() + timedelta(minutes=minutes))


def redeem_sign_in_link(token: str, *, from_loopback: bool = False) -> SignInLink:
    """Use the link with this `token` up, and say whose it was and where it worked.

    Gone, and NotAllowed where the request is not `from_loopback`, as for `queries.sign_in_link`; then the link stays.
    """
    with transaction.atomic():
        # The account comes first, since who makes a newer link holds it and then takes this one away.
        lock_account(sign_in_link(token, from_loopback=from_loopback).account)
        found = sign_in_link(token, SignInLink.objects.select_for_update(), from_loopback=from_loopback)
        found.delete()
        announce(SignedInByLink(found.account.pk))
    return found


def _called(name: str) -> Account:
    """A new account of that pseudonym; Invalid if it is taken, also by who was invited at the same moment."""
    taken = Invalid(_("A colleague is called that already, or was: please choose another name."), where="pseudonym")
    hold_administration()
    if is_pseudonym_taken(name):
        raise taken
    try:
        with transaction.atomic():
            return Account.objects.create(pseudonym=name)
    except IntegrityError as fault:
        raise taken from fault


def _hold_to_let_in(account: Account, by: Account | None) -> None:
    """Hold the account, and who administers: NotAllowed unless `by` does now, and the account is one of the staff."""
    now = lock_account(account)
    hold_administration()
    if not can_appoint(by):
        raise NotAllowed(_("Only an administrator lets colleagues in."))
    if now is None or not is_staff(now):
        raise NotAllowed(_("Only staff sign in by a link."))
