"""What Wagtail lets a colleague do: groups that follow from the roles."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from tertulia.people.models import Account, Appointment, StaffRole

# What an editor does with pages, and with the pictures and documents on them.
_PAGES = ("add_page", "change_page", "publish_page")
_FILES = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")


def hold_administration() -> None:
    """Hold who administers as they are until this transaction ends: two who end each other's must not both succeed.

    Refuses nobody; what is allowed is asked after it.
    """
    list(Appointment.objects.select_for_update().filter(role=StaffRole.ADMINISTRATOR).order_by("pk"))


def derive_powers(account: Account) -> None:
    """Give the account the groups of the roles that it holds now, and no others; in a transaction. Refuses nobody."""
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
    if role == StaffRole.EDITOR:
        _let_edit(group)
    return group


def _let_edit(group: Group) -> None:
    root = Page.get_first_root_node()
    for may in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=_PAGES):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=may)
    files = Collection.get_first_root_node()
    for may in Permission.objects.filter(content_type__app_label__in=("wagtailimages", "wagtaildocs")):
        if may.codename in _FILES:
            GroupCollectionPermission.objects.get_or_create(group=group, collection=files, permission=may)
