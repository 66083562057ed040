"""Who may do what with a programme."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from tertulia.people.models import Account, Appointment, StaffRole
from tertulia.programme.models import Event

Visitor = Account | AnonymousUser


def can_edit_programme(visitor: Visitor, event: Event | None) -> bool:
    """Whether the visitor organises `event`; with None, whether they may make a new one."""
    if not visitor.is_authenticated or not visitor.is_active:
        return False
    everywhere = Q(scope="", role__in=[StaffRole.ADMINISTRATOR, StaffRole.ORGANISER])
    here = Q(scope=event.slug, role=StaffRole.ORGANISER) if event else Q(pk__in=[])
    return Appointment.objects.filter(everywhere | here, account_id=visitor.pk).exists()


def can_see_staff_programme(visitor: Visitor) -> bool:
    """Whether the visitor organises anything at all and so may read the lists on the staff screens."""
    if not visitor.is_authenticated or not visitor.is_active:
        return False
    return Appointment.objects.filter(account_id=visitor.pk).exists()


def can_join(event: Event, account: Account | None = None) -> bool:
    """Whether `account` (None: somebody new) may come in: a closed account may not, and no event that is not saved."""
    stands = not event._state.adding  # noqa: SLF001 - Django's documented way to tell a saved row
    return stands and (account is None or account.is_active)
