"""Which release the code is, and whether the database has been brought up to it."""

from __future__ import annotations

from pathlib import Path

import django
import wagtail
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

STAMP = "prepared"


def is_prepared() -> bool:
    """Whether `prepare` has brought this database up to the code as it is."""
    stamp = settings.DATA / STAMP
    return stamp.exists() and stamp.read_text() == _state()


def note_prepared() -> None:
    """Remember that it has."""
    (settings.DATA / STAMP).write_text(_state())


def is_migrated() -> bool:
    """Whether the database has every migration that the code has: a look at names, which loads none of them."""
    applied = MigrationRecorder(connection).applied_migrations()
    return all(name in applied for name in known_migrations())


def known_migrations() -> set[tuple[str, str]]:
    """The app and the name of every migration that the code has."""
    places = {app.label: Path(app.path) / "migrations" for app in apps.get_app_configs()}
    return {(label, file.stem) for label, place in places.items() for file in place.glob("[!_~]*.py")}


def _state() -> str:
    """The release and how many migrations the database has; to compare them one by one loads hundreds of modules."""
    if not MigrationRecorder(connection).has_table():
        return ""
    return f"{_release()} {MigrationRecorder(connection).migration_qs.count()}"


def _release() -> str:
    """Changes with the code, because roles and permissions are written after migrating even if no migration is new."""
    written = [file.stat().st_mtime_ns for file in settings.PACKAGE.rglob("*.py")]
    return f"{django.__version__} {wagtail.__version__} {len(written)} {max(written)}"
