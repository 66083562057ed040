"""Staff screens: persons and what they agreed to; no menus for accounts and groups, which follow from roles."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from tertulia.people.rules import can_care_for_persons
from tertulia.people.views import persons

ABSENT = frozenset({"users", "groups"})


class PersonsItem(MenuItem):  # type: ignore[misc]  # Wagtail has no types
    """The way to the persons, for who cares for them."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether it may be used."""
        return can_care_for_persons(request.user)


@hooks.register("construct_settings_menu")  # type: ignore[untyped-decorator]  # Wagtail has no types
def hide_accounts(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Take Wagtail's own screens for users and groups out of the menu."""
    items[:] = [item for item in items if item.name not in ABSENT]


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail has no types
def addresses() -> list[URLPattern]:
    """The persons."""
    return [
        path("persons/", persons.persons, name="people_persons"),
        path("persons/<slug:public_id>/", persons.person, name="people_person"),
        path("persons/<slug:public_id>/claim-link/", persons.issue_claim_link, name="people_claim_link"),
        path("persons/<slug:public_id>/withdraw/<slug:purpose>/", persons.withdraw, name="people_withdraw"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]  # Wagtail has no types
def persons_item() -> PersonsItem:
    """The persons in the menu."""
    return PersonsItem(_("Persons"), reverse("people_persons"), icon_name="group", order=125)
