"""Taking a role from a colleague."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tertulia.kit.errors import Invalid, NotAllowed
from tertulia.kit.facts import announce
from tertulia.people.actions.locking import lock_account
from tertulia.people.actions.powers import derive_powers, hold_administration
from tertulia.people.facts import Unappointed
from tertulia.people.models import Account, Appointment, StaffRole
from tertulia.people.rules import can_end_role

UNAPPOINTED = "people.appointment"


def unappoint(account: Account, role: StaffRole, scope: str = "", by: Account | None = None) -> None:
    """Take a role in `scope` (an event's address; empty: everywhere) from `account`; its other roles stay.

    `by` is the administrator who does it, or None: the operator at the machine. NotAllowed for anybody else, and for
    one's own administration, so that one administrator is always left. Invalid at `role` if it is not held, or is the
    only one: then the colleague is dismissed instead.
    """
    with transaction.atomic():
        lock_account(account)
        hold_administration()
        if not can_end_role(by, account, role):
            raise NotAllowed(_("Another administrator takes this role away."))
        held = list(Appointment.objects.select_for_update().filter(account=account))
        found = [one for one in held if (one.role, one.scope) == (role, scope)]
        if not found:
            raise Invalid(_("They do not hold this role."), where="role")
        if len(held) == 1:
            raise Invalid(_("This is their only role: end their account instead."), where="role")
        settings.ERASURES.note(UNAPPOINTED, str(found[0].pk))
        found[0].delete()
        derive_powers(account)
        announce(Unappointed(account.pk, role, scope, by.pk if by else None))


def unappoint_again(key: str) -> None:
    """Take the role with that key, which a restore has brought back. Refuses nobody.

    Roles that were given since are not in the archive: the operator gives them anew.
    """
    appointment = Appointment.objects.select_related("account").get(pk=key)
    account = appointment.account
    with transaction.atomic():
        appointment.delete()
        derive_powers(account)
        announce(Unappointed(account.pk, appointment.role, appointment.scope))
