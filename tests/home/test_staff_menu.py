"""The staff screens offer what works."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from wagtail.admin.menu import admin_menu, help_menu

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


def _request(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/staff/")
    request.user = make_account("administrator")
    return request
