"""What the house would be if it were written as most are: the logs of this one have everything in them.

The attack has to find it here; else it proves nothing where it finds nothing.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest

from tests.deploy.house import Apart

SETTINGS = "tests.deploy.careless_settings"
log = logging.getLogger("careless")


class Careless(AppConfig):
    """Has the house write down what faults say."""

    name = "tests.deploy.careless"
    label = "careless"

    def ready(self) -> None:
        """Take away what keeps words out."""
        from tertulia.project import queue
        from tertulia.project.middleware import RouteLog

        def tell(_self: RouteLog, request: HttpRequest, fault: Exception) -> None:
            log.error("%s failed", request.get_full_path(), exc_info=fault)

        RouteLog.process_exception = tell
        queue.kind_and_place = str
        sys.excepthook = sys.__excepthook__


class CarelessHouse(Apart):
    """PostgreSQL and nginx as they come, and the services with Python's usual logs."""

    def __init__(self, **more: str) -> None:
        super().__init__(DJANGO_SETTINGS_MODULE=SETTINGS, **more)

    def filled(self, text: str) -> str:
        """A shipped file, and what it says of logs is taken out."""
        usual = super().filled(text)
        return usual.replace("    access_log off;\n", "").replace("tertulia.log emerg;", "tertulia.log info;")

    def tell_postgresql(self) -> None:
        """Nothing."""


def usual_logs() -> dict[str, Any]:
    """Everything to standard error, in Python's own form."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"stderr": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
    }
