"""Accounts for tests: a participant, an organiser, an administrator."""

from __future__ import annotations

import secrets

from django.contrib.auth.models import Group, Permission

from tertulia.people.models import Account, Appointment, Person, StaffRole


def make_account(role: str = "participant", pseudonym: str = "") -> Account:
    """An account that may do what a `role` may: participant, organiser or administrator."""
    if role == "participant":
        return Account.objects.create(way_back=secrets.token_bytes(32), pepper_version=1)
    staff_role = StaffRole(role)
    account = Account.objects.create(
        pseudonym=pseudonym or f"colleague {secrets.token_hex(4)}",
        is_superuser=staff_role is StaffRole.ADMINISTRATOR,
    )
    Appointment.objects.create(account=account, role=staff_role)
    account.groups.add(_group(staff_role))
    return account


def make_person(name: str = "Ana Flores", account: Account | None = None) -> Person:
    """Somebody whom the record credits, with an account or without."""
    return Person.objects.create(name=name, account=account)


def _group(role: StaffRole) -> Group:
    group, _new = Group.objects.get_or_create(name=role)
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    return group
