"""The staff screens offer what works."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from wagtail.admin.menu import admin_menu, help_menu, reports_menu, settings_menu

from tertulia.home.models import HomePage
from tests.factories import make_account
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db


def test_the_menu_leads_to_pages_and_events_and_not_to_files_that_no_page_shows(rf: RequestFactory) -> None:
    names = {item.name for item in admin_menu.menu_items_for_request(_request(rf))}

    assert "explorer" in names
    assert {"images", "documents"} & names == set()


def test_the_help_leads_to_no_other_site(rf: RequestFactory, client: Client) -> None:
    assert [item.name for item in help_menu.menu_items_for_request(_request(rf))] == ["keyboard-shortcuts-trigger"]
    page = sign_in(client, make_account("administrator")).get("/staff/").content.decode()
    assert [word for word in ("guide.wagtail.org", "docs.wagtail.org") if word in page] == []


def test_settings_and_reports_that_nothing_here_uses_are_not_offered(rf: RequestFactory) -> None:
    request = _request(rf)
    assert settings_menu.menu_items_for_request(request) == []
    assert [item.name for item in reports_menu.menu_items_for_request(request)] == ["site-history"]
    assert "settings" not in {item.name for item in admin_menu.menu_items_for_request(request)}


def test_who_publishes_the_front_page_stays_with_it(client: Client) -> None:
    sign_in(client, make_account("administrator"))
    page = HomePage.objects.get()
    edit = f"/staff/pages/{page.pk}/edit/"
    form = client.get(edit).content.decode()
    assert form.index('name="action-publish"') < form.index("Save draft")
    sent = {
        "motto": "Saltmarsh",
        "welcome": "Come in.",
        "title": page.title,
        "slug": page.slug,
        "comments-TOTAL_FORMS": 0,
    }
    response = client.post(edit, sent | {"comments-INITIAL_FORMS": 0, "action-publish": "action-publish"})
    assert (response.status_code, response["Location"]) == (302, edit)
    page.refresh_from_db()
    assert (page.live, page.motto) == (True, "Saltmarsh")


def _request(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/staff/")
    request.user = make_account("administrator")
    return request
