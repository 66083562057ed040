"""The house's settings, with Python's usual logs."""

from __future__ import annotations

from tertulia.project.settings import *  # noqa: F403 - settings are read so
from tertulia.project.settings import INSTALLED_APPS as OURS
from tests.deploy.careless import usual_logs

INSTALLED_APPS = [*OURS, "tests.deploy.careless.Careless"]
LOGGING = usual_logs()
