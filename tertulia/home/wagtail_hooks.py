"""The staff screens show no menus for what no page of ours can show yet."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.menu import MenuItem

ABSENT = frozenset({"images", "documents"})


@hooks.register("construct_main_menu")  # type: ignore[untyped-decorator]  # Wagtail has no types
def hide_files(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Take pictures and documents out of the menu: no page uses them, and their addresses are not served."""
    items[:] = [item for item in items if item.name not in ABSENT]
