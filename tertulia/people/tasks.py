"""What is cleared away by itself."""

from __future__ import annotations

from tertulia.kit.tasks import task
from tertulia.people import actions


@task("people.clear_ended", every_minutes=60)
def clear_ended() -> None:
    """Remove the sessions and links whose time is over."""
    actions.clear_ended()


@task("people.forget_used_codes", every_minutes=10)
def forget_used_codes() -> None:
    """Forget which one-time codes were used minutes ago."""
    actions.forget_used_codes()


@task("people.clear_device_codes", every_minutes=5)
def clear_device_codes() -> None:
    """Remove the codes for second devices whose minutes are over."""
    actions.clear_device_codes()


@task("people.release_counts", every_minutes=10)
def release_counts() -> None:
    """Release the rounded figures of events that were closed some minutes ago."""
    actions.release_counts()


@task("people.purge", leaves_no_trace=True)
def purge() -> None:
    """Take what was deleted out of the files of the database."""
    actions.purge()


@task("people.expire_consents", every_minutes=60)
def expire_consents() -> None:
    """End the consents that were given for a time that is over."""
    actions.expire_consents()


@task("people.clear_notices", every_minutes=60)
def clear_notices() -> None:
    """Remove the notices that are a year old."""
    actions.clear_notices()


@task("people.forget_old_records", every_minutes=60)
def forget_old_records() -> None:
    """Remove what has stood in the audit log for two years."""
    actions.forget_old_records()
