"""Writing the audit log: in the transaction of what it tells of, each entry sealed to the one before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tertulia.kit.facts import with_fact
from tertulia.kit.registry import Record, Told, records
from tertulia.kit.sealing import LostKey
from tertulia.kit.tasks import enqueue
from tertulia.people.formats.chain import Ends, link, mark
from tertulia.people.models import DAYS_OF_RECORDS, Account, AuditEntry, AuditHead
from tertulia.people.queries.audit import KEY, ends_of, name_of, roles_in_words, written

Fact = TypeVar("Fact")


def keep_record(fact: type[Fact], sentence: Any, told: Callable[[Fact], Told | None]) -> None:
    """From now on the audit log keeps each such `fact`: `sentence` (lazy) says what happened, `told(fact)` the rest.

    None is not kept. The entry is written in the transaction of the action, or nothing of it happens. ValueError if
    the fact is kept already.
    """
    what = name_of(fact)
    records.offer(what, Record(sentence))

    def enter(happened: Fact) -> None:
        said = told(happened)
        if said is not None:
            _enter(what, said)

    with_fact(fact, enter)


def forget_old_records() -> int:
    """Remove the entries that are older than two years, and move the base of the chain; how many. Refuses nobody."""
    oldest = timezone.now().date() - timedelta(days=DAYS_OF_RECORDS)
    with transaction.atomic():
        head = _head()
        # Up to the last that is over: a clock that was wrong for a while does not tear a hole.
        kept = AuditEntry.objects.filter(day__gte=oldest).order_by("number").first()
        over = AuditEntry.objects.filter(number__lt=kept.number) if kept else AuditEntry.objects.all()
        last = over.order_by("-number").first()
        if last is None:
            return 0
        head.base_number, head.base_seal = last.number, last.seal
        _close(head)
        gone, _each = over.delete()
        enqueue("people.purge")
    return gone


def _enter(what: str, told: Told) -> None:
    by = Account.objects.filter(pk=told.by_id).first() if told.by_id is not None else None
    with transaction.atomic():
        head = _head()
        entry = AuditEntry(
            number=head.number + 1,
            day=timezone.now().date(),
            what=what,
            by=by.pseudonym if by else "",
            roles=roles_in_words(by) if by else "",
            kind=told.kind,
            subject=told.subject,
            detail=told.detail,
        )
        entry.seal = link(_key(head), bytes(head.seal), written(entry))
        entry.save(force_insert=True)
        head.number, head.seal = entry.number, entry.seal
        _close(head)


def _head() -> AuditHead:
    """The end of the log, held until this transaction ends: entries follow each other."""
    return AuditHead.objects.select_for_update().get()


def _close(head: AuditHead) -> None:
    ends: Ends = ends_of(head)
    head.mark = mark(_key(head), ends)
    head.save()


def _key(head: AuditHead) -> bytes:
    """The key of the chain, made with the first entry; LostKey if it is gone: another would hide what was changed."""
    if head.number == 0 or settings.KEYS.has(KEY):
        return settings.KEYS.make(KEY)
    raise LostKey(f"the key “{KEY}” of the audit log is gone: put it back from the archive of keys")
