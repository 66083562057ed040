"""Exports of people's data, which two colleagues decide about and one takes once."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tertulia.kit.ends import DAY, next_full
from tertulia.kit.errors import Gone, NotAllowed
from tertulia.kit.facts import announce
from tertulia.kit.registry import exports
from tertulia.people.facts import ExportApproved, ExportAsked, ExportDeclined, ExportTaken
from tertulia.people.models import Account, Export
from tertulia.people.rules import can_approve, can_ask_for, can_take

EXPORT_HOURS = 24


def ask_for_export(kind: str, scope: str, by: Account) -> Export:
    """Ask for the export called `kind` of a `scope`, such as the address of an event.

    It waits for 24 hours, and then to the end of the day (UTC).
    What the colleague (`by`) asks for a second time takes the place of the first. NotAllowed for who may not have it,
    and where there is no such export.
    """
    if not can_ask_for(by, kind, scope):
        raise NotAllowed(_("This is not for you to export."))
    # The day of asking is in the audit log; the hour would say when colleagues are awake.
    ends = next_full(DAY, timezone.now() + timedelta(hours=EXPORT_HOURS))
    with transaction.atomic():
        Export.objects.filter(kind=kind, scope=scope, asked_by=by).delete()
        export = Export.objects.create(kind=kind, scope=scope, asked_by=by, expires_at=ends)
        announce(ExportAsked(export.public_id, kind, scope, by.pk))
    return export


def approve_export(export: Export, by: Account) -> None:
    """Agree, as the colleague `by`, that who asked takes the export; one that is approved already stays so.

    NotAllowed for who asked, and for who might not have asked themselves; Gone if it is taken, declined or over.
    """
    with transaction.atomic():
        found = _open(export)
        if not can_approve(by, found):
            raise NotAllowed(_("Another colleague has to agree, who may export this as well."))
        if found.approved_by_id is None:
            found.approved_by = by
            found.save(update_fields=["approved_by"])
            announce(ExportApproved(found.public_id, found.kind, found.scope, by.pk))


def decline_export(export: Export, by: Account) -> None:
    """Refuse the export, or as who asked want it no more: it is gone.

    NotAllowed unless `by` asked or may approve; Gone if it is taken, declined or over.
    """
    with transaction.atomic():
        found = _open(export)
        if by.pk != found.asked_by_id and not can_approve(by, found):
            raise NotAllowed(_("This is not for you to export."))
        found.delete()
        announce(ExportDeclined(found.public_id, found.kind, found.scope, by.pk))


def take_export(export: Export, by: Account) -> list[dict[str, str]]:
    """The data, once: then the export is gone. It is read now, and was never laid down.

    NotAllowed unless `by` asked, another approved, and both might still ask for it; Gone if it is taken or over.
    """
    with transaction.atomic():
        found = _open(export)
        if not can_take(by, found):
            raise NotAllowed(_("Another colleague has to agree first."))
        rows = exports.named(found.kind).rows(found.scope)
        found.delete()
        announce(ExportTaken(found.public_id, found.kind, found.scope, by.pk))
    return rows


def _open(export: Export) -> Export:
    """The export as it is now, held against another who approves or takes it; Gone if it is no more."""
    rows = Export.objects.select_for_update(of=("self",)).select_related("asked_by", "approved_by")
    found = rows.filter(pk=export.pk, expires_at__gt=timezone.now()).first()
    if found is None:
        raise Gone(_("This export was taken or declined, or its day is over."))
    return found
