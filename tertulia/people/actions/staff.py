"""Inviting staff, giving them roles, and the links by which they set up how they come in."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tertulia.kit.errors import Invalid, NotAllowed
from tertulia.kit.facts import announce
from tertulia.kit.randomness import token_hash
from tertulia.people.actions.factor import reset_factors
from tertulia.people.facts import Appointed, Dismissed, Invited, SignedInByLink, SignInLinkIssued
from tertulia.people.models import PSEUDONYM_LENGTH, Account, Appointment, SignInLink, StaffRole
from tertulia.people.queries import is_pseudonym_taken, sign_in_link, spelled
from tertulia.people.rules import can_appoint, can_dismiss, is_scope, is_staff

TOKEN_BYTES = 32
DISMISSED = "people.staff"
LONGEST_MINUTES = 7 * 24 * 60


def invite(pseudonym: str, role: StaffRole, scope: str = "", by: Account | None = None) -> Account:
    """Make an account for a colleague known as `pseudonym`, in a role; `scope` and `by` as for `appoint`.

    NotAllowed unless `by` may appoint; Invalid at `pseudonym` if it is empty or too long, or if a colleague, present
    or former, is called so: what one of them published must not be taken for another's.
    """
    name = spelled(pseudonym)
    if not name or len(name) > PSEUDONYM_LENGTH:
        raise Invalid(_("A colleague needs a name of 1 to 80 characters."), where="pseudonym")
    if is_pseudonym_taken(name):
        raise Invalid(_("A colleague is called that already, or was: please choose another name."), where="pseudonym")
    with transaction.atomic():
        account = Account.objects.create(pseudonym=name)
        appoint(account, role, scope, by)
        announce(Invited(account.pk))
    return account


def appoint(account: Account, role: StaffRole, scope: str = "", by: Account | None = None) -> Appointment:
    """Give `account` a role in `scope` (an event's address; empty: everywhere); twice is once.

    `by` is the administrator who does it, or None: the operator at the machine. NotAllowed for anybody else;
    Invalid at `scope` for an administrator of one event only, and for an event that there is none of; Invalid at
    `account` for a participant's account, since who organises and who takes part stay two accounts that nothing
    joins, and for one that was dismissed.
    """
    if not can_appoint(by):
        raise NotAllowed(_("Only an administrator gives roles."))
    if role == StaffRole.ADMINISTRATOR and scope:
        raise Invalid(_("An administrator is one for everything, not for one event."), where="scope")
    if scope and not is_scope(scope):
        raise Invalid(_("There is no event at the address “%(scope)s”.") % {"scope": scope}, where="scope")
    if account.way_back is not None:
        raise Invalid(_("A participant's account stays apart from those of staff: invite them anew."), where="account")
    if not account.is_active:
        raise Invalid(_("This account was closed: invite the colleague anew."), where="account")
    with transaction.atomic():
        appointment, _new = Appointment.objects.get_or_create(account=account, role=role, scope=scope)
        _derive_powers(account)
        announce(Appointed(account.pk, role, scope))
    return appointment


def dismiss(account: Account, by: Account | None = None) -> None:
    """End an account of staff: its roles, powers, factors, sessions and links go, and nobody can enter it again.

    `by` as for `appoint`. NotAllowed for anybody else. Invalid at `account` if it holds no role. The account itself
    stays, closed, since what a colleague published still names it.
    """
    if not can_dismiss(by):
        raise NotAllowed(_("Only an administrator ends an account of staff."))
    if not account.appointments.exists():
        raise Invalid(_("This account is not one of the staff."), where="account")
    with transaction.atomic():
        for held in (account.appointments, account.sessions, account.sign_in_links):
            held.all().delete()
        reset_factors(account)
        account.user_permissions.clear()
        account.is_active = False
        account.save(update_fields=["is_active"])
        _derive_powers(account)
        settings.ERASURES.note(DISMISSED, account.public_id)
        announce(Dismissed(account.pk))


def dismiss_again(public_id: str) -> None:
    """End the account of staff with that public id, which a restore has brought back."""
    dismiss(Account.objects.get(public_id=public_id))


def issue_sign_in_link(account: Account, minutes: int, *, loopback_only: bool = False) -> str:
    """The token of a link by which a member of staff sets up once, within `minutes` (1 to 10,080), how they come in.

    Their factors go: it is for who is new, and for who has lost them. `loopback_only`: on the machine itself alone,
    where it signs them in and the factors stay, since who may run commands there may do everything anyway. Older links
    and open sessions of the account end. NotAllowed if the account holds no role; Invalid at `minutes`.
    """
    if not is_staff(account):
        raise NotAllowed(_("Only staff sign in by a link."))
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Invalid(_("A link lasts from one minute to a week."), where="minutes")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        account.sign_in_links.all().delete()
        account.sessions.all().delete()
        if not loopback_only:
            reset_factors(account)
        account.sign_in_links.create(
            token_hash=token_hash(token),
            expires_at=timezone.now() + timedelta(minutes=minutes),
            loopback_only=loopback_only,
        )
        announce(SignInLinkIssued(account.pk))
    return token


def redeem_sign_in_link(token: str, *, from_loopback: bool = False) -> SignInLink:
    """Use the link with this `token` up, and say whose it was and where it worked.

    Gone, and NotAllowed where the request is not `from_loopback`, as for `queries.sign_in_link`; then the link stays.
    """
    with transaction.atomic():
        found = sign_in_link(token, SignInLink.objects.select_for_update(), from_loopback=from_loopback)
        found.delete()
        announce(SignedInByLink(found.account.pk))
    return found


def _derive_powers(account: Account) -> None:
    roles = set(account.appointments.values_list("role", flat=True))
    account.groups.set([_group(role) for role in sorted(roles)])
    account.is_superuser = StaffRole.ADMINISTRATOR in roles
    account.save(update_fields=["is_superuser"])


def _group(role: str) -> Group:
    group, _new = Group.objects.get_or_create(name=role)
    kind, _new = ContentType.objects.get_or_create(app_label="wagtailadmin", model="admin")
    enter, _new = Permission.objects.get_or_create(
        content_type=kind, codename="access_admin", defaults={"name": "Can access Wagtail admin"}
    )
    group.permissions.add(enter)
    return group
