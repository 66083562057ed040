"""Leaving somebody a notice, reading it, deleting it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tertulia.kit.errors import Gone
from tertulia.kit.facts import announce
from tertulia.kit.registry import notice_kinds
from tertulia.kit.tasks import enqueue
from tertulia.people.facts import NoticeDeleted, NoticeRead, Notified
from tertulia.people.models import Account, Notice, Person
from tertulia.people.queries.notice import notice_of


def notify(who: Person | Account, kind: str, reference: str = "") -> Notice:
    """Leave the person, or the account, a notice of a registered `kind` about `reference`, the id of what it speaks of.

    It waits in their place; a person (`who`) without an account finds it when they claim their credit. LookupError for
    a kind that nobody offers. Refuses nobody.
    """
    notice_kinds.named(kind)
    whose = {"person" if isinstance(who, Person) else "account": who}
    with transaction.atomic():
        month = timezone.now().date().replace(day=1)
        notice = Notice.objects.create(kind=kind, reference=reference, month=month, **whose)
        announce(Notified(notice.pk))
    return notice


def read_notice(account: Account, public_id: str) -> None:
    """Mark the notice of that public name as read; Gone if there is none for the account."""
    with transaction.atomic():
        notice = _own(account, public_id)
        notice.is_read = True
        notice.save(update_fields=["is_read"])
        announce(NoticeRead(notice.pk))


def delete_notice(account: Account, public_id: str) -> None:
    """Delete the notice of that public name; Gone if there is none for the account."""
    with transaction.atomic():
        notice = _own(account, public_id)
        key = notice.pk
        notice.delete()
        enqueue("people.purge")
        announce(NoticeDeleted(key))


def clear_notices() -> int:
    """Remove the notices that nobody deleted within a year of their month; how many. Refuses nobody."""
    oldest = timezone.now().date() - timedelta(days=Notice.retention.days)
    with transaction.atomic():
        gone, _each = Notice.objects.filter(month__lt=oldest).delete()
        if gone:
            enqueue("people.purge")
    return gone


def _own(account: Account, public_id: str) -> Notice:
    notice = notice_of(account, public_id)
    if notice is None:
        raise Gone(_("This notice is no longer here."))
    return notice
