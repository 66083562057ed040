"""Staff screens: what is on and what needs doing, lists of events and sessions, the page that imports a programme."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Min, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from tertulia.design.queries import place_of
from tertulia.programme.models import Event, Session
from tertulia.programme.queries.overview import events_overview
from tertulia.programme.queries.programme import airings_from_now
from tertulia.programme.queries.texts import original
from tertulia.programme.rules import can_import, can_see_staff_programme, edited_by
from tertulia.programme.templatetags.festival import days, language_name
from tertulia.programme.views.imports import import_page

MOST_EVENTS = 8


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


def _event_title(event: Event) -> str:
    return original(event.texts.all()).title


def _event_days(event: Event) -> str:
    return days(event.starts_on, event.ends_on)


def _event_zone(event: Event) -> str:
    return place_of(event.zone, get_language() or "en")


def _session_title(session: Session) -> str:
    return original(session.texts.all()).title


def _session_language(session: Session) -> str:
    return language_name(session.language) if session.language else ""


def _first_time(session: Session) -> str:
    """When it is first on, on the clock of its event; empty while that is not decided."""
    if session.first_start is None:  # type: ignore[attr-defined]  # the list's own queryset adds it
        return ""
    start = session.first_start.astimezone(ZoneInfo(session.event.zone))  # type: ignore[attr-defined]
    return f"{days(start.date(), start.date())}, {start:%H:%M} ({_event_zone(session.event)})"


def _event_address(event: Event) -> str:
    return reverse("programme:event", args=[event.slug])


def _session_address(session: Session) -> str:
    return reverse("programme:session", args=[session.event.slug, session.slug])


class ReadingViewSet(ModelViewSet):  # type: ignore[misc]  # Wagtail has no types
    """A list to read, in which titles are found; `listed` are its rows."""

    add_to_admin_menu = True
    copy_view_enabled = False
    form_fields = ("slug",)
    search_fields = ("slug", "texts__title")

    def listed(self) -> QuerySet[Any]:
        """The rows, in their order, with what the columns say of them."""
        raise NotImplementedError

    def get_index_view_kwargs(self, **given: Any) -> dict[str, Any]:
        """The list, folded on a phone by the staff's style sheet."""
        kept = {"queryset": self.listed(), "table_classname": "listing folding", **given}
        return super().get_index_view_kwargs(**kept)  # type: ignore[no-any-return]  # as above


class EventViewSet(ReadingViewSet):
    """Events, to read."""

    model = Event
    name = "programme_events"
    url_prefix = "events"
    icon = "date"
    menu_order = 110
    list_display = (
        TitleColumn("title", label=_("Title"), accessor=_event_title, get_url=_event_address),
        Column("days", label=_("Days"), accessor=_event_days),
        Column("zone", label=_("Time zone"), accessor=_event_zone),
        "schedule_version",
    )
    list_filter = ("is_sample",)

    def listed(self) -> QuerySet[Event]:
        """The latest first; each once, in however many languages a search finds it."""
        return Event.objects.prefetch_related("texts").distinct()


class SessionViewSet(ReadingViewSet):
    """Sessions, to read."""

    model = Session
    name = "programme_sessions"
    url_prefix = "sessions"
    icon = "list-ul"
    menu_order = 120
    list_display = (
        TitleColumn("title", label=_("Title"), accessor=_session_title, get_url=_session_address),
        Column("first_time", label=_("First on"), accessor=_first_time),
        Column("event", label=_("Event"), accessor=lambda session: _event_title(session.event)),
        "track",
        "session_type",
        Column("language", label=_("Spoken language"), accessor=_session_language),
        Column("state", label=_("State"), accessor="get_state_display"),
    )
    list_filter = ("event", "state")

    def listed(self) -> QuerySet[Session]:
        """In the order of time, those of the latest event first; what has no time yet comes last."""
        found = Session.objects.annotate(first_start=Min("slots__starts_at"))
        told = found.select_related("event", "track", "session_type").prefetch_related("texts", "event__texts")
        return told.order_by("-event__starts_on", "event_id", F("first_start").asc(nulls_last=True), "pk")


class ProgrammePanel(Component):  # type: ignore[misc]  # Wagtail has no types
    """The staff's first page: what is on now and next, and each event with what needs doing for it."""

    name = "programme"
    order = 100
    template_name = "programme/staff/_overview.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """What the template shows; `organised` are the addresses of the events whose programme the reader makes."""
        request, language = parent_context["request"], get_language() or "en"
        events, edits = events_overview(language), edited_by(request.user)
        return {
            "airings": airings_from_now(language),
            "events": events[:MOST_EVENTS],
            "are_more": len(events) > MOST_EVENTS,
            "organised": {one.event.slug for one in events if edits(one.event.slug)},
            "request": request,
        }


register_permission_policy(Event, ReadingPolicy(Event))
register_permission_policy(Session, ReadingPolicy(Session))


class ImportItem(MenuItem):  # type: ignore[misc]  # Wagtail has no types
    """The way to the import, for who may use it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether it may be used."""
        return can_import(request.user)


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]  # Wagtail has no types
def overview(request: HttpRequest, panels: list[Component]) -> None:
    """The programme on the first page, as soon as there is an event."""
    if can_see_staff_programme(request.user) and Event.objects.exists():
        panels.append(ProgrammePanel())


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
