"""The ground that tests stand on holds what it promises."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from wagtail.models import Site


def test_the_data_folder_is_the_tests_own() -> None:
    assert Path(os.environ["TERTULIA_DATA"]) == settings.DATA
    assert settings.DATA.name.startswith("tertulia-test-")


@pytest.mark.django_db
def test_the_database_is_the_one_that_the_settings_name() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA database_list")
            assert cursor.fetchone()[2] == str(settings.DATA / "tertulia.sqlite3")
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone()[0] == "wal"
        else:
            cursor.execute("SELECT current_database(), inet_server_addr()")
            assert cursor.fetchone() == ("tertulia", None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_that_commits_starts_from_what_migrations_made(turn: int) -> None:
    assert Site.objects.count() == 1, f"turn {turn}"
    assert get_user_model().objects.count() == 0
    get_user_model()().save()
    Site.objects.all().delete()


@pytest.mark.django_db
def test_a_test_after_it_too() -> None:
    assert get_user_model().objects.count() == 0
    assert Site.objects.count() == 1


def test_there_is_no_network() -> None:
    with pytest.raises(RuntimeError, match="socket"):
        socket.socket(socket.AF_INET)


@pytest.mark.network
def test_a_test_that_says_so_reaches_this_machine_and_no_other() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
    with pytest.raises(RuntimeError, match="connect"), socket.socket(socket.AF_INET) as outside:
        outside.connect(("192.0.2.1", 9))
