"""The staff screens offer what works."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_account
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db


def test_the_menu_leads_to_pages_and_events_and_not_to_files_that_no_page_shows(client: Client) -> None:
    sign_in(client, make_account("administrator"))

    page = client.get("/staff/").content.decode()

    assert "/staff/events/" in page
    assert '"/staff/images/"' not in page
    assert '"/staff/documents/"' not in page
