"""The staff screens show no menus for accounts and groups: both follow from roles, which are given by actions."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.menu import MenuItem

ABSENT = frozenset({"users", "groups"})


@hooks.register("construct_settings_menu")  # type: ignore[untyped-decorator]  # Wagtail has no types
def hide_accounts(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Take Wagtail's own screens for users and groups out of the menu."""
    items[:] = [item for item in items if item.name not in ABSENT]
