"""What every test stands on: see tests/ground/."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from django.utils import translation

from tertulia.project import environment
from tertulia.project.catalogues import compile_catalogues
from tests.ground import store

LOOPBACK = ["127.0.0.1", "::1", "localhost"]

if settings.configured:
    raise pytest.UsageError("unset DJANGO_SETTINGS_MODULE: tests choose their data folder before settings are read")

# Here and not in a fixture: modules under test read the settings while they are imported.
DATA = Path(tempfile.mkdtemp(prefix="tertulia-test-"))
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
for variable in environment.VARIABLES:
    os.environ.pop(variable.name, None)
os.environ["TERTULIA_DATA"] = str(DATA)
# All tests come from one address; those of the limit itself lay down a lower one.
os.environ["TERTULIA_NEWCOMERS_PER_MINUTE"] = "1000000"
os.environ["DJANGO_SETTINGS_MODULE"] = "tertulia.project.settings"
STORE = store.choose(DATA)
atexit.register(STORE.take_away)


def pytest_configure() -> None:
    """Load the apps, so that conftest and test modules may import models."""
    import django

    compile_catalogues()
    django.setup()
    # Lines go to pytest, which swaps standard error for each test, and not to the stream of the start.
    for name in ("tertulia", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys and tests marked `network` may talk to this machine, and to no other."""
    # Playwright keeps an event loop running in this thread until the end; nothing else could start one after it.
    # Last of all, because pytest-django puts tests with a database before those without.
    items.sort(key=lambda item: "journeys" in item.path.parts)
    for item in items:
        if item.get_closest_marker("journey") or item.get_closest_marker("network"):
            item.add_marker(pytest.mark.allow_hosts(LOOPBACK))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Instead of migrating: the database that the settings name becomes a copy of the template."""
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", _start_again)
    STORE.lay()
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    patch.undo()


def _start_again(_case: TransactionTestCase) -> None:
    """After a test that commits: what migrations made is there again, which Django's own flush would empty."""
    connections.close_all()
    STORE.lay()


@pytest.fixture(autouse=True)
def the_first_language() -> None:
    """A page that another test asked for in another language has not left that language behind."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def the_usual_mask() -> Iterator[None]:
    """The command line narrows the mask of its process; here, that is everybody's."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture(autouse=True)
def log_of_this_test() -> Iterator[None]:
    """The log of rooms that pages keep open is let go of with the database it belongs to."""
    yield
    # Not above: this file is read before the settings are.
    from tertulia.live.queries import close_room_log

    close_room_log()
