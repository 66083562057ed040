"""The staff's first page: the ways in, and the first steps in a new house; menus without what leads nowhere."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from tertulia.home.models import HomePage
from tertulia.programme.models import Event
from tertulia.programme.rules import can_edit_programme, can_import, can_see_staff_programme

# Pictures and documents: no page uses them, and their addresses are not served.
ABSENT = frozenset({"images", "documents"})
# Settings of Wagtail for many sites and many editors: there is one front page, and nothing of ours reads them.
UNUSED = frozenset({"sites", "collections", "workflows", "workflow-tasks"})
UNUSED_REPORTS = frozenset({"workflows", "workflow-tasks", "locked-pages", "aging-pages", "page-types-usage"})
# Pages about Wagtail itself, on other sites.
ELSEWHERE = ("whats-new-in-wagtail", "editor-guide")


class Way(NamedTuple):
    """A way to somewhere: what it is called, its address, the name of its icon."""

    label: str
    address: str
    icon: str


class Step(NamedTuple):
    """One of the first steps: what it is, why, the way there (empty: it is somebody else's), and whether it is done."""

    label: str
    why: str
    address: str
    is_done: bool


class WaysPanel(Component):  # type: ignore[misc]  # Wagtail has no types
    """The ways to what staff do most."""

    name = "ways"
    order = 80
    template_name = "home/staff/_ways.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The ways that are open to who asks."""
        user = parent_context["request"].user
        ways = [Way(_("Import a programme"), reverse("programme_import"), "upload")] if can_import(user) else []
        ways += [Way(_("Events"), reverse("programme_events:index"), "date")]
        ways += [Way(_("Sessions"), reverse("programme_sessions:index"), "list-ul")]
        front = _front_page_to_edit(user)
        ways += [Way(_("What the front page says"), front, "edit")] if front else []
        ways += [Way(_("The public site"), reverse("wagtail_serve", args=[""]), "globe")]
        return {"ways": ways if can_see_staff_programme(user) else ways[-1:]}


class FirstStepsPanel(Component):  # type: ignore[misc]  # Wagtail has no types
    """What to do first in a new house; it goes when there is an event and the front page has words."""

    name = "first_steps"
    order = 90
    template_name = "home/staff/_first_steps.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The steps in their order."""
        return {"steps": _first_steps(parent_context["request"].user)}


def _first_steps(user: Any) -> list[Step]:
    may_import = can_edit_programme(user, None)
    return [
        Step(
            _("Say who you are"),
            _("Two fields of the front page: a large line, and a few plain sentences for whoever arrives."),
            _front_page_to_edit(user),
            _front_page_has_words(),
        ),
        Step(
            _("Import a programme"),
            _("A schedule.json as pretalx, frab and the c3voc tools write it. It makes the event and its rooms."),
            reverse("programme_import") if may_import else "",
            Event.objects.exists(),
        ),
        Step(
            _("Look at it as your people will"),
            _("On a phone, in each language. Come in under a name from another browser, and write in a room."),
            reverse("wagtail_serve", args=[""]),
            is_done=False,
        ),
    ]


def _front_page_has_words() -> bool:
    return bool(HomePage.objects.exclude(motto="", welcome="").exists())


def _front_page_to_edit(user: Any) -> str:
    """Where the front page's text is edited; empty for whoever may not."""
    page = HomePage.objects.first()
    may = page is not None and page.permissions_for_user(user).can_edit()
    return reverse("wagtailadmin_pages:edit", args=[page.pk]) if may else ""


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]  # Wagtail has no types
def first_page(_request: HttpRequest, panels: list[Component]) -> None:
    """Put the ways in, and in a new house the first steps, onto the first page."""
    panels.append(WaysPanel())
    if not (Event.objects.exists() and _front_page_has_words()):
        panels.append(FirstStepsPanel())


@hooks.register("construct_main_menu")  # type: ignore[untyped-decorator]  # Wagtail has no types
def hide_files(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Take pictures and documents out of the menu."""
    items[:] = [item for item in items if item.name not in ABSENT]


@hooks.register("construct_settings_menu")  # type: ignore[untyped-decorator]  # Wagtail has no types
def hide_settings(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Take settings that nothing here reads out of the menu."""
    items[:] = [item for item in items if item.name not in UNUSED]


@hooks.register("construct_reports_menu")  # type: ignore[untyped-decorator]  # Wagtail has no types
def hide_reports(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave the report that says who changed the front page."""
    items[:] = [item for item in items if item.name not in UNUSED_REPORTS]


@hooks.register("construct_page_action_menu")  # type: ignore[untyped-decorator]  # Wagtail has no types
def publish_first(items: list[Any], _request: HttpRequest, _context: dict[str, Any]) -> None:
    """Put publishing first, for whoever may: it is what one comes for."""
    items.sort(key=lambda item: item.name != "action-publish")


@hooks.register("after_edit_page")  # type: ignore[untyped-decorator]  # Wagtail has no types
def stay_with_front_page(_request: HttpRequest, page: Page) -> HttpResponse | None:
    """Go on where one was, and not to Wagtail's tree of pages, in which there is nothing else."""
    return redirect("wagtailadmin_pages:edit", page.pk) if isinstance(page.specific, HomePage) else None


@hooks.register("construct_help_menu")  # type: ignore[untyped-decorator]  # Wagtail has no types
def hide_pages_elsewhere(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Take what leads to other sites, and counts up in the menu until it was read, out of the help."""
    items[:] = [item for item in items if not item.name.startswith(ELSEWHERE)]
