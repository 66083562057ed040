"""What is cleared away by itself."""

from __future__ import annotations

from tertulia.kit.tasks import task
from tertulia.people import actions


@task("people.clear_ended", every_minutes=60)
def clear_ended() -> None:
    """Remove the sessions and sign-in links whose time is over."""
    actions.clear_ended()


@task("people.release_counts", every_minutes=10)
def release_counts() -> None:
    """Release the rounded figures of events that were closed some minutes ago."""
    actions.release_counts()


@task("people.purge", leaves_no_trace=True)
def purge() -> None:
    """Take what was deleted out of the files of the database."""
    actions.purge()
