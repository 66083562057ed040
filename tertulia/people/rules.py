"""Who may do what, by the roles that an account holds."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser

from tertulia.kit.registry import credited, exports, scopes
from tertulia.people.models import OF_EVENTS, Account, Appointment, Export, Person, StaffRole

Visitor = Account | AnonymousUser

# A session that nobody uses for so long has ended.
IDLE_MINUTES = 30
STAY_DAYS = 30  # on a device that somebody calls their own
_AUDIT_SCOPE = re.compile(r"all|\d{4}-(0[1-9]|1[0-2])")


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
    return acts_as(visitor, StaffRole.ORGANISER)


def acts_as(visitor: Visitor, *roles: StaffRole) -> Callable[[str], bool]:
    """Whether the visitor holds one of the `roles` at an event (by its address; empty: at all), asked of many events.

    Who holds it for all events holds it for each; administrators hold every role.
    """
    reach = reach_of(visitor, *roles)
    return lambda scope: "" in reach or scope in reach


def reach_of(visitor: Visitor, *roles: StaffRole) -> frozenset[str]:
    """The events, by their addresses, at which the visitor holds one of the `roles`; with "" it is all of them."""
    if not _may_act(visitor):
        return frozenset()
    held = Appointment.objects.filter(account=visitor.pk, role__in=[StaffRole.ADMINISTRATOR, *roles])
    return frozenset(held.values_list("scope", flat=True))


def can_enter_staff_screens(visitor: Visitor) -> bool:
    """Whether the visitor may open /staff/, by the very permission that Wagtail asks for."""
    return visitor.has_perm("wagtailadmin.access_admin")


def can_appoint(by: Account | None) -> bool:
    """Whether `by` may give roles: an administrator, or None, who is the operator at the machine itself."""
    return by is None or is_administrator(by)


def can_dismiss(by: Account | None) -> bool:
    """Whether `by` may end accounts of staff: an administrator, or None, who is the operator at the machine itself."""
    return can_appoint(by)


def can_end_role(by: Account | None, account: Account, role: str) -> bool:
    """Whether `by` may take that `role` from the account: as `can_appoint`, and nobody their own administration."""
    return can_appoint(by) and not (by == account and role == StaffRole.ADMINISTRATOR)


def can_read_audit(visitor: Visitor) -> bool:
    """Whether the visitor may read what colleagues did: administrators."""
    return is_administrator(visitor)


def can_export_audit(visitor: Visitor, scope: str) -> bool:
    """Whether the visitor may ask for the audit log, of a month (`scope` as 2026-11) or of `all`."""
    return bool(_AUDIT_SCOPE.fullmatch(scope)) and can_read_audit(visitor)


def can_export(visitor: Visitor) -> bool:
    """Whether there is an export that the visitor may ask for, or approve."""
    return is_staff(visitor) and any(kind.may_any(visitor) for kind in exports)


def can_ask_for(visitor: Visitor, kind: str, scope: str) -> bool:
    """Whether the visitor may ask for the export called `kind` of a `scope`, such as the address of an event."""
    return is_staff(visitor) and kind in exports.names() and exports.named(kind).may(visitor, scope)


def can_approve(visitor: Visitor, export: Export) -> bool:
    """Whether the visitor may approve the export: another colleague than who asked, who might have asked as well."""
    return visitor.pk != export.asked_by_id and can_ask_for(visitor, export.kind, export.scope)


def can_take(visitor: Visitor, export: Export) -> bool:
    """Whether the visitor may download the export: who asked, while both may still ask for it."""
    other = export.approved_by
    approved = other is not None and can_approve(other, export)
    return visitor.pk == export.asked_by_id and approved and can_ask_for(visitor, export.kind, export.scope)


def can_word_consent(by: Account | None) -> bool:
    """Whether `by` may write what people agree to: an administrator, or None, who is the operator at the machine."""
    return can_appoint(by)


def is_scope(name: str) -> bool:
    """Whether a role can be limited to `name`, the public name of something that upper apps know of: an event."""
    return any(is_known(name) for is_known in scopes)


def needs_factor(visitor: Visitor) -> bool:
    """Whether the visitor is in only after a factor was shown: whoever has no way back by words, which is staff."""
    return visitor.is_authenticated and visitor.way_back is None


def can_be_limited(role: StaffRole) -> bool:
    """Whether the role can be held for one event; the others hold for the whole house."""
    return role in OF_EVENTS


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
    return is_own(by, person) or can_care_for(by, person)


def can_care_for_persons(visitor: Visitor) -> bool:
    """Whether there are persons whom the visitor may see and let claim credits: organisers of all events, and care."""
    return bool(cared_for_by(visitor))


def cared_for_by(visitor: Visitor) -> frozenset[str]:
    """The events, by their addresses, for whose persons the visitor cares; with "" it is all of them."""
    return (reach_of(visitor, StaffRole.ORGANISER) & {""}) | reach_of(visitor, StaffRole.CARE)


def can_care_for(visitor: Visitor, person: Person) -> bool:
    """Whether the visitor may see what the person agreed to, and take it back at their request.

    Nobody who is on no programme: whoever came in and agreed to something alone is nobody's to look at.
    """
    reach = cared_for_by(visitor)
    return any(Person.objects.filter(pk=person.pk, pk__in=keys(scope)).exists() for keys in credited for scope in reach)


def _holds(visitor: Visitor, role: StaffRole, scopes: set[str]) -> bool:
    held = Appointment.objects.filter(account=visitor.pk, role=role, scope__in=scopes)
    return _may_act(visitor) and held.exists()


def _may_act(visitor: Visitor) -> bool:
    return visitor.is_authenticated and visitor.is_active
