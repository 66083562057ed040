"""The audit log is told of copies, and of restores."""

from __future__ import annotations

from django.db import Error, transaction

from tertulia.kit.facts import announce
from tertulia.project.facts import Copied, Restored


def note_copy(holds: str) -> bool:
    """Tell the audit log that what `holds` says was copied; False if the database is away or of an older release.

    A copy that stands is worth more than its line in the log.
    """
    try:
        with transaction.atomic():
            announce(Copied(holds))
    except Error:
        return False
    return True


def note_restore() -> None:
    """Tell the audit log, as it came back, that this house was restored."""
    with transaction.atomic():
        announce(Restored())
