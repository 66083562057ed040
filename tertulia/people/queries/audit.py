"""What is read of the audit log, and whether it is whole."""

from __future__ import annotations

import hmac
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tertulia.kit.registry import exports, records
from tertulia.kit.sealing import Unreadable
from tertulia.people.formats.chain import Ends, Written, link, mark
from tertulia.people.models import Account, Appointment, AuditEntry, AuditHead, FactorKind, Purpose, StaffRole
from tertulia.people.rules import Visitor, can_read_audit

KEY = "audit"
DIGITS = 16


@dataclass(frozen=True)
class Verdict:
    """What came out of a look at the whole log: how many entries, its end, and what is wrong (empty: nothing)."""

    entries: int
    end: str
    faults: tuple[str, ...]


def name_of(fact: type) -> str:
    """What the log calls a kind of fact: `people.Invited`."""
    return f"{fact.__module__.split('.')[1]}.{fact.__name__}"


def roles_in_words(account: Account) -> str:
    """The roles of the account as the log keeps them: `administrator`, `care nine-nights`, in order."""
    held = Appointment.objects.filter(account=account).values_list("role", "scope")
    return ", ".join(sorted(f"{role} {scope}".strip() for role, scope in held))


def written(entry: AuditEntry) -> Written:
    """What the entry says, as it is sealed."""
    told = (entry.what, entry.by, entry.roles, entry.kind, entry.subject, entry.detail)
    return Written(entry.number, entry.day.isoformat(), *told)


def ends_of(head: AuditHead) -> Ends:
    """Both ends of the log, as they are sealed."""
    return Ends(head.number, bytes(head.seal), head.base_number, bytes(head.base_seal))


def end_in_words(number: int, seal: bytes) -> str:
    """An end of the log as an operator notes it: `12-0f3a…`, its number and 16 digits of its seal."""
    return f"{number}-{bytes(seal).hex()[:DIGITS]}"


def looked_over(noted: str = "") -> Verdict:
    """Whether every entry is there, in its order and as it was written; `noted` is an end that was noted before."""
    head = AuditHead.objects.first()
    if head is None:
        return Verdict(0, "", ("The end of the log is missing.",))
    if not (head.number or head.mark or noted or AuditEntry.objects.exists()):
        return Verdict(0, end_in_words(0, b""), ())
    try:
        return _chain(settings.KEYS.get(KEY), head, noted)
    except Unreadable:
        return Verdict(0, "", ("The key of the log is missing.",))


def entries(month: date | None = None, kind: str = "") -> QuerySet[AuditEntry]:
    """The entries, latest first: of a `month` (its first day) or of all, about one `kind` of things or all."""
    found = AuditEntry.objects.all()
    if month:
        found = found.filter(day__year=month.year, day__month=month.month)
    return found.filter(kind=kind) if kind else found


def months() -> list[date]:
    """The months that have entries, by their first days, latest first."""
    return list(AuditEntry.objects.order_by().dates("day", "month", order="DESC"))


def sentence_of(entry: AuditEntry) -> str:
    """What happened, in the language of the page; what is no longer known by its name alone."""
    return str(records.named(entry.what).sentence) if entry.what in records.names() else entry.what


def in_words(told: str) -> str:
    """What an entry has `told` of roles or of details, with the house's own words in the language of the page."""
    known: dict[str, Any] = dict([*StaffRole.choices, *Purpose.choices, *FactorKind.choices])
    known |= {name: exports.named(name).label for name in exports.names()}
    parts = (part.partition(" ") for part in told.split(", "))
    return ", ".join(f"{known.get(word, word)}{space}{rest}" for word, space, rest in parts)


def colleagues_in(read: list[AuditEntry]) -> dict[str, str]:
    """The pseudonyms of the colleagues whom the entries that are `read` are about, by their public names."""
    names = {entry.subject for entry in read if entry.kind == "colleague"}
    return dict(Account.objects.filter(public_id__in=names).values_list("public_id", "pseudonym"))


def records_of(account: Account) -> int:
    """How many entries name the colleague."""
    return AuditEntry.objects.filter(by=account.pseudonym).count() if account.pseudonym else 0


def audit_rows(scope: str) -> list[dict[str, str]]:
    """The log as flat rows, oldest first: of a month (`scope` as 2026-11) or of `all`."""
    month = None if scope == "all" else date.fromisoformat(f"{scope}-01")
    return [_flat(entry) for entry in entries(month).order_by("number")]


def audit_choices(visitor: Visitor) -> list[tuple[str, str]]:
    """What the visitor can ask for of the log: all of it, or a month; nothing for who may not read it."""
    if not can_read_audit(visitor):
        return []
    return [("all", _("all of it")), *((f"{one:%Y-%m}", f"{one:%Y-%m}") for one in months())]


def _flat(entry: AuditEntry) -> dict[str, str]:
    said = {name: str(value) for name, value in asdict(written(entry)).items()}
    return said | {"seal": bytes(entry.seal).hex()}


def _chain(key: bytes, head: AuditHead, noted: str) -> Verdict:
    ends, faults, count = ends_of(head), [], 0
    number, seal = ends.base_number, ends.base_seal
    seen = {end_in_words(number, seal)}
    for entry in AuditEntry.objects.order_by("number").iterator():
        count += 1
        if entry.number != number + 1:
            faults.append(f"Before entry {entry.number}, entries are missing.")
        elif not hmac.compare_digest(link(key, seal, written(entry)), bytes(entry.seal)):
            faults.append(f"Entry {entry.number} was changed, or what stood before it.")
        number, seal = entry.number, bytes(entry.seal)
        seen.add(end_in_words(number, seal))
    return Verdict(count, end_in_words(number, seal), (*faults, *_ends_faults(key, head, number, seal, noted, seen)))


def _ends_faults(key: bytes, head: AuditHead, number: int, seal: bytes, noted: str, seen: set[str]) -> list[str]:
    ends, faults = ends_of(head), []
    if not hmac.compare_digest(mark(key, ends), bytes(head.mark)):
        faults.append("The note of where the log begins and ends was changed.")
    if (ends.number, ends.seal) != (number, seal):
        faults.append("Entries at the end are missing.")
    if noted and noted not in seen and not _is_over(noted, ends):
        faults.append(f"The end that was noted, {noted}, is no part of the log.")
    return faults


def _is_over(noted: str, ends: Ends) -> bool:
    """Whether the noted entry is among those whose two years are over."""
    number = noted.partition("-")[0]
    return number.isdecimal() and int(number) < ends.base_number
