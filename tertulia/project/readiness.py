"""Whether this house can do its work: what of it is missing, in words that tell a stranger nothing."""

from __future__ import annotations

import time

from django.conf import settings
from django.db import Error, connection

from tertulia.kit.pepper import Pepper
from tertulia.live.relay.hub import lacking as lacking_of_relay
from tertulia.project.release import is_prepared


def lacking() -> list[str]:
    """What stands in the way.

    Of "database", "migrations", "keys", "pepper", "erasures", "relay", "log", "closing" and "worker".
    """
    checks = {
        "keys": _has_keys,
        "pepper": _has_pepper,
        "erasures": settings.ERASURES.is_usable,
        "worker": _has_worker,
    }
    lacks = [*_lacking_of_database(), *(name for name, holds in checks.items() if not holds())]
    # The relay looks after keys of its own; of what both miss, once is enough.
    return sorted({*lacks, *lacking_of_relay(settings.LIVE_SOCKET)})


def _lacking_of_database() -> list[str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return [] if is_prepared() else ["migrations"]
    except Error:
        return ["database"]


def _has_keys() -> bool:
    return settings.KEYS.is_open() and settings.KEYS.has("secret")


def _has_pepper() -> bool:
    try:
        # To ask for the versions of a pepper that is not there would make one.
        return settings.PEPPER_FILE.is_file() and bool(Pepper(settings.PEPPER_FILE).versions())
    except (OSError, ValueError):
        return False


def _has_worker() -> bool:
    """Whether a worker has shown itself within one lease."""
    try:
        shown = settings.WORKER_SIGN.stat().st_mtime
    except OSError:
        return False
    return time.time() - shown <= settings.TERTULIA_LEASE_SECONDS
