"""The administrators' page of what was done."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tertulia.kit.gate import only_for
from tertulia.people import rules
from tertulia.people.models import AuditEntry
from tertulia.people.queries import audit
from tertulia.people.queries.held import written
from tertulia.people.views.door import about_a_person

ON_A_PAGE = 50
KINDS = {
    "colleague": _("colleagues"),
    "person": _("persons"),
    "consent": _("what people agree to"),
    "export": _("exports"),
    "event": _("events"),
    "room": _("rooms"),
    "house": _("the whole house"),
}


@about_a_person
@require_safe
@only_for(rules.can_read_audit)
def audit_log(request: HttpRequest) -> HttpResponse:
    """What was done, latest first: of all months or one, about all kinds of things or one."""
    month, kind = _month(request.GET.get("month", "")), request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    page = Paginator(audit.entries(month, kind), ON_A_PAGE).get_page(request.GET.get("page"))
    named = audit.colleagues_in(list(page))
    rows = [_told(entry, named.get(entry.subject, entry.subject)) for entry in page]
    told = {"rows": rows, "page": page, "month": month, "kind": kind, "months": audit.months(), "kinds": KINDS.items()}
    return render(request, "people/staff/audit.html", told)


def _told(entry: AuditEntry, about: str) -> dict[str, object]:
    said = {"sentence": audit.sentence_of(entry), "about": about, "kind": KINDS.get(entry.kind, "")}
    said |= {"roles": audit.in_words(entry.roles), "detail": audit.in_words(entry.detail)}
    return {"entry": entry, "day": written(entry.day), **said}


def _month(said: str) -> date | None:
    try:
        return date.fromisoformat(f"{said}-01")
    except ValueError:
        return None
