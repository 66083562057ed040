"""`tertulia prepare` made the database that every test stands on; here, that it may be repeated."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from wagtail.models import Page

from tertulia.project.commandline import main

READY = "Ready: database and translations are up to date.\n"


@pytest.mark.django_db(transaction=True)
def test_prepare_may_be_repeated_and_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = list(Page.objects.values_list("pk", "title", "path"))
    main(["prepare"])
    capsys.readouterr()
    assert main(["prepare"]) == 0
    assert capsys.readouterr().out == READY
    assert list(Page.objects.values_list("pk", "title", "path")) == before


@pytest.mark.django_db(transaction=True)
def test_what_follows_a_migration_is_made_again_only_when_the_code_changed(
    settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["prepare"])
    Permission.objects.filter(content_type__app_label="people").delete()
    main(["prepare"])
    assert not Permission.objects.filter(content_type__app_label="people").exists()
    (settings.DATA / "prepared").write_text("another release")
    capsys.readouterr()
    main(["prepare"])
    said = f"Setting up the house in {settings.DATA}; it takes up to a minute …\n{READY}"
    assert capsys.readouterr().out == said
    assert Permission.objects.filter(content_type__app_label="people").exists()


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_is_missing_is_applied_though_the_code_is_the_same() -> None:
    main(["prepare"])
    all_of_them = set(MigrationRecorder(connection).applied_migrations())
    call_command("migrate", "taggit", "0005", verbosity=0)
    assert set(MigrationRecorder(connection).applied_migrations()) < all_of_them
    main(["prepare"])
    assert set(MigrationRecorder(connection).applied_migrations()) == all_of_them
