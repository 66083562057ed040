"""Staff screens: persons, colleagues, exports, the audit log; no menus for accounts and groups: roles make them.

The first page says in which roles one is here, and which exports wait for one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from tertulia.people import rules
from tertulia.people.queries.colleagues import roles_held
from tertulia.people.queries.export import exports_to_decide
from tertulia.people.rules import Visitor
from tertulia.people.views import audit, colleagues, exports, persons

ABSENT = frozenset({"users", "groups"})


class Item(MenuItem):  # type: ignore[misc]  # Wagtail has no types
    """A way that is shown to those whom the rule `may` lets through."""

    def __init__(self, may: Callable[[Visitor], bool], *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.may = may

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether it may be used."""
        return self.may(request.user)


class RolesPanel(Component):  # type: ignore[misc]  # Wagtail has no types
    """In which roles one is here, and what there is to do."""

    name = "roles"
    order = 85
    template_name = "people/staff/_roles.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The roles of who asks."""
        return {"roles": roles_held(parent_context["request"].user)}


class ExportsPanel(Component):  # type: ignore[misc]  # Wagtail has no types
    """How many exports wait for one's word."""

    name = "exports"
    order = 80
    template_name = "people/staff/_exports.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Those that who asks may agree to."""
        user = parent_context["request"].user
        return {"waiting": exports_to_decide(user) if rules.can_export(user) else 0}


@hooks.register("construct_settings_menu")  # type: ignore[untyped-decorator]  # Wagtail has no types
def hide_accounts(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Take Wagtail's own screens for users and groups out of the menu."""
    items[:] = [item for item in items if item.name not in ABSENT]


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]  # Wagtail has no types
def roles(_request: HttpRequest, panels: list[Component]) -> None:
    """Say on the first page in which roles one is here, and what waits for one's word."""
    panels += [ExportsPanel(), RolesPanel()]


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail has no types
def addresses() -> list[URLPattern]:
    """Persons, colleagues, exports, the audit log."""
    return [
        path("persons/", persons.persons, name="people_persons"),
        path("persons/<slug:public_id>/", persons.person, name="people_person"),
        path("persons/<slug:public_id>/claim-link/", persons.issue_claim_link, name="people_claim_link"),
        path("persons/<slug:public_id>/withdraw/<slug:purpose>/", persons.withdraw, name="people_withdraw"),
        path("colleagues/", colleagues.colleagues, name="people_colleagues"),
        path("colleagues/invite/", colleagues.invite, name="people_invite"),
        path("colleagues/<slug:public_id>/", colleagues.colleague, name="people_colleague"),
        path("colleagues/<slug:public_id>/appoint/", colleagues.appoint, name="people_appoint"),
        path("colleagues/<slug:public_id>/unappoint/", colleagues.unappoint, name="people_unappoint"),
        path("colleagues/<slug:public_id>/link/", colleagues.let_in, name="people_let_in"),
        path("colleagues/<slug:public_id>/dismiss/", colleagues.dismiss, name="people_dismiss"),
        path("exports/", exports.exports, name="people_exports"),
        path("exports/ask/<slug:kind>/<slug:scope>/", exports.ask, name="people_ask_export"),
        path("exports/<slug:public_id>/approve/", exports.approve, name="people_approve_export"),
        path("exports/<slug:public_id>/decline/", exports.decline, name="people_decline_export"),
        path("exports/<slug:public_id>/take/<slug:form>/", exports.take, name="people_take_export"),
        path("audit/", audit.audit_log, name="people_audit"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]  # Wagtail has no types
def persons_item() -> Item:
    """The persons in the menu."""
    may = rules.can_care_for_persons
    return Item(may, _("Persons"), reverse("people_persons"), icon_name="group", order=125)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]  # Wagtail has no types
def colleagues_item() -> Item:
    """The colleagues in the menu."""
    may = rules.is_administrator
    return Item(may, _("Colleagues"), reverse("people_colleagues"), icon_name="user", order=140)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]  # Wagtail has no types
def exports_item() -> Item:
    """The exports in the menu."""
    return Item(rules.can_export, _("Exports"), reverse("people_exports"), icon_name="download", order=145)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]  # Wagtail has no types
def audit_item() -> Item:
    """The audit log in the menu."""
    return Item(rules.can_read_audit, _("Audit log"), reverse("people_audit"), icon_name="history", order=150)
