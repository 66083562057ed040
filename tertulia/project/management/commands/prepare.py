"""`tertulia prepare`: bring the database and the translations up to this release."""

from __future__ import annotations

from typing import Any

import django
import wagtail
from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tertulia.project.catalogues import compile_catalogues


class Command(BaseCommand):
    """Make an installation ready to be served; what is up to date costs a look and no more, for `serve` asks each time.

    Refuses nothing; a database that cannot be reached is Django's OperationalError.
    """

    help = "Bring the database and the translations up to this release; safe to repeat."
    requires_system_checks = ()
    makes_folders = True

    def handle(self, **options: Any) -> None:
        """Make the site's key if there is none, compile what changed of the catalogues, and migrate."""
        settings.KEYS.make("secret")
        compile_catalogues()
        _migrate_if_needed()
        if options["verbosity"]:
            self.stdout.write("Ready: database and translations are up to date.")


def _migrate_if_needed() -> None:
    stamp = settings.DATA / "prepared"
    if stamp.exists() and stamp.read_text() == _state():
        return
    call_command("migrate", interactive=False, verbosity=0)
    stamp.write_text(_state())


def _state() -> str:
    """The release and how many migrations the database has; to compare them one by one loads hundreds of modules."""
    if not MigrationRecorder(connection).has_table():
        return ""
    return f"{_release()} {MigrationRecorder(connection).migration_qs.count()}"


def _release() -> str:
    """Changes with the code, because roles and permissions are written after migrating even if no migration is new."""
    written = [file.stat().st_mtime_ns for file in settings.PACKAGE.rglob("*.py")]
    return f"{django.__version__} {wagtail.__version__} {len(written)} {max(written)}"
