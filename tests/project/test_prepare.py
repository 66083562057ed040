"""`tertulia prepare` made the database that every test stands on; here, that it may be repeated."""

from __future__ import annotations

import pytest
from wagtail.models import Page

from tertulia.project.commandline import main


@pytest.mark.django_db(transaction=True)
def test_prepare_may_be_repeated_and_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = list(Page.objects.values_list("pk", "title", "path"))
    assert main(["prepare"]) == 0
    assert capsys.readouterr().out == "Ready: database and translations are up to date.\n"
    assert list(Page.objects.values_list("pk", "title", "path")) == before
