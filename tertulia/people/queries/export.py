"""What is read of exports that were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from tertulia.kit.registry import exports
from tertulia.people.models import Account, Export
from tertulia.people.rules import can_approve, can_take


@dataclass(frozen=True)
class Choice:
    """An export that may be asked for: what it is called, and of what."""

    kind: str
    scope: str
    label: Any
    of: str


@dataclass(frozen=True)
class Asked:
    """An export that was asked for, and what its reader may do with it."""

    export: Export
    label: Any
    is_own: bool
    may_approve: bool
    may_take: bool


def choices_of(account: Account) -> list[Choice]:
    """The exports that the account may ask for."""
    kinds = ((name, exports.named(name)) for name in exports.names())
    return [Choice(name, scope, kind.label, of) for name, kind in kinds for scope, of in kind.choices(account)]


def exports_for(account: Account) -> list[Asked]:
    """The exports that the account asked for or may approve, those that are over left out."""
    found = [_asked(export, account) for export in open_exports() if export.kind in exports.names()]
    return [one for one in found if one.is_own or one.may_approve]


def exports_to_decide(account: Account) -> int:
    """How many exports wait for the account, or another colleague, to agree."""
    return sum(one.may_approve for one in exports_for(account))


def export_called(public_id: str) -> Export | None:
    """The export of that public name, if its day is not over; else None."""
    return open_exports().filter(public_id=public_id).first()


def open_exports() -> QuerySet[Export]:
    """The exports that wait or are approved."""
    rows = Export.objects.filter(expires_at__gt=timezone.now())
    return rows.select_related("asked_by", "approved_by").order_by("expires_at", "pk")


def _asked(export: Export, account: Account) -> Asked:
    label, own = exports.named(export.kind).label, export.asked_by_id == account.pk
    may_approve = export.approved_by_id is None and can_approve(account, export)
    return Asked(export, label, own, may_approve, own and can_take(account, export))
