"""Staff screens: lists of events and sessions to read, and the page that imports a programme."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from tertulia.programme.models import Event, Session
from tertulia.programme.rules import can_see_staff_programme
from tertulia.programme.views.imports import import_page


class ReadingPolicy(BasePermissionPolicy):  # type: ignore[misc]  # Wagtail has no types
    """Staff may look; whatever changes a programme is an action of ours with a page of its own."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether `action` is looking, and the user is staff."""
        return action == "view" and can_see_staff_programme(user)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Whether looking is among the actions, and the user is staff."""
        return "view" in actions and can_see_staff_programme(user)

    def users_with_any_permission(self, actions: Iterable[str]) -> Any:  # noqa: ARG002 - the policy's signature
        """Nobody is looked up by what they may do."""
        from tertulia.people.models import Account

        return Account.objects.none()


class EventViewSet(ModelViewSet):  # type: ignore[misc]  # Wagtail has no types
    """Events, to read."""

    model = Event
    name = "programme_events"
    url_prefix = "events"
    icon = "date"
    menu_order = 110
    add_to_admin_menu = True
    list_display = ("slug", "starts_on", "ends_on", "zone", "schedule_version")
    list_filter = ("is_sample",)
    search_fields = ("slug",)
    form_fields = ("slug",)
    copy_view_enabled = False


class SessionViewSet(ModelViewSet):  # type: ignore[misc]  # Wagtail has no types
    """Sessions, to read."""

    model = Session
    name = "programme_sessions"
    url_prefix = "sessions"
    icon = "list-ul"
    menu_order = 120
    add_to_admin_menu = True
    list_display = ("slug", "event", "track", "session_type", "language", "state")
    list_filter = ("event", "state")
    list_select_related = ("event", "track", "session_type")
    search_fields = ("slug", "texts__title")
    form_fields = ("slug",)
    copy_view_enabled = False


register_permission_policy(Event, ReadingPolicy(Event))
register_permission_policy(Session, ReadingPolicy(Session))


class ImportItem(MenuItem):  # type: ignore[misc]  # Wagtail has no types
    """The way to the import, for staff."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether it may be used."""
        return can_see_staff_programme(request.user)


@hooks.register("register_admin_viewset")  # type: ignore[untyped-decorator]  # Wagtail has no types
def viewsets() -> list[ModelViewSet]:
    """The lists."""
    return [EventViewSet(), SessionViewSet()]


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail has no types
def addresses() -> list[URLPattern]:
    """The import."""
    return [path("programme/import/", import_page, name="programme_import")]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]  # Wagtail has no types
def import_item() -> ImportItem:
    """The import in the menu."""
    return ImportItem(_("Import a programme"), reverse("programme_import"), icon_name="upload", order=130)
