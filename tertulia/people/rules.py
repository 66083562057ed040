"""Who may do what, by the roles that an account holds."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser

from tertulia.kit.registry import scopes
from tertulia.people.models import Account, Appointment, Person, StaffRole

Visitor = Account | AnonymousUser

# A session that nobody uses for so long has ended.
IDLE_MINUTES = 30
STAY_DAYS = 30  # on a device that somebody calls their own


def is_staff(visitor: Visitor) -> bool:
    """Whether the visitor holds any role."""
    return _may_act(visitor) and Appointment.objects.filter(account=visitor.pk).exists()


def is_administrator(visitor: Visitor) -> bool:
    """Whether the visitor is an administrator; one who is not active never is."""
    return _holds(visitor, StaffRole.ADMINISTRATOR, {""})


def is_organiser(visitor: Visitor, event_slug: str) -> bool:
    """Whether the visitor organises the event at `event_slug`: it alone, all events, or as administrator."""
    return organised_by(visitor)(event_slug)


def organised_by(visitor: Visitor) -> Callable[[str], bool]:
    """`is_organiser`, to be asked of many events at the price of one query."""
    held = Appointment.objects.filter(account=visitor.pk).values_list("role", "scope") if _may_act(visitor) else ()
    roles = set(held)
    everywhere = bool(roles & {(StaffRole.ADMINISTRATOR, ""), (StaffRole.ORGANISER, "")})
    return lambda slug: everywhere or (StaffRole.ORGANISER, slug) in roles


def can_enter_staff_screens(visitor: Visitor) -> bool:
    """Whether the visitor may open /staff/, by the very permission that Wagtail asks for."""
    return visitor.has_perm("wagtailadmin.access_admin")


def can_appoint(by: Account | None) -> bool:
    """Whether `by` may give roles: an administrator, or None, who is the operator at the machine itself."""
    return by is None or is_administrator(by)


def can_dismiss(by: Account | None) -> bool:
    """Whether `by` may end accounts of staff: an administrator, or None, who is the operator at the machine itself."""
    return can_appoint(by)


def can_word_consent(by: Account | None) -> bool:
    """Whether `by` may write what people agree to: an administrator, or None, who is the operator at the machine."""
    return can_appoint(by)


def is_scope(name: str) -> bool:
    """Whether a role can be limited to `name`, the public name of something that upper apps know of: an event."""
    return any(is_known(name) for is_known in scopes)


def needs_factor(visitor: Visitor) -> bool:
    """Whether the visitor is in only after a factor was shown: whoever has no way back by words, which is staff."""
    return visitor.is_authenticated and visitor.way_back is None


def can_have_way_back(account: Account) -> bool:
    """Whether the account may be entered with words: not that of staff, who sign in more strongly, nor a closed one."""
    return account.is_active and not is_staff(account)


def can_have_passkeys(account: Account) -> bool:
    """Whether the account may be entered with a participant's passkey: whoever may come with words, and nobody else."""
    return can_have_way_back(account)


def can_be_counted(account: Account) -> bool:
    """Whether the account may answer what is counted without names: who takes part, and staff do not."""
    return account.is_active and not is_staff(account)


def can_be_deleted(account: Account) -> bool:
    """Whether the account may be deleted by who owns it: not while it holds a role; staff are dismissed instead."""
    return not account.appointments.exists()


def can_be_person(account: Account) -> bool:
    """Whether the account may be joined to a credit: not that of staff, whose pseudonym would be joined to a name."""
    return can_have_way_back(account)


def is_own(account: Account, person: Person) -> bool:
    """Whether the person, saved or about to be, belongs to the account."""
    return account.is_active and person.account_id == account.pk


def can_withdraw_consent(person: Person, by: Account) -> bool:
    """Whether `by` may take back what the person agreed to: the person, or who cares for persons, at their request."""
    return is_own(by, person) or can_care_for_persons(by)


def can_care_for_persons(visitor: Visitor) -> bool:
    """Whether the visitor may see what persons agreed to and let them claim credits: organisers of all events."""
    return is_organiser(visitor, "")


def _holds(visitor: Visitor, role: StaffRole, scopes: set[str]) -> bool:
    held = Appointment.objects.filter(account=visitor.pk, role=role, scope__in=scopes)
    return _may_act(visitor) and held.exists()


def _may_act(visitor: Visitor) -> bool:
    return visitor.is_authenticated and visitor.is_active
