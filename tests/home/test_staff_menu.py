"""The staff screens offer what works."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from wagtail.admin.menu import admin_menu

from tests.factories import make_account

pytestmark = pytest.mark.django_db


def test_the_menu_leads_to_pages_and_events_and_not_to_files_that_no_page_shows(rf: RequestFactory) -> None:
    names = {item.name for item in admin_menu.menu_items_for_request(_request(rf))}

    assert "explorer" in names
    assert {"images", "documents"} & names == set()


def _request(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/staff/")
    request.user = make_account("administrator")
    return request
