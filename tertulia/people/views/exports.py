"""The staff's page of exports: asking, agreeing, declining, and taking one once."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from tertulia.kit.errors import Gone, NotAllowed, Refusal
from tertulia.kit.gate import only_for, refused
from tertulia.people import actions, rules
from tertulia.people.formats.export import TYPES, as_file
from tertulia.people.models import Account, Export
from tertulia.people.queries.export import choices_of, export_called, exports_for
from tertulia.people.views.access import shown_lately
from tertulia.people.views.door import about_a_person, account_of


def _page(**_export: str) -> str:
    return reverse("people_exports")


@about_a_person
@require_safe
@only_for(rules.can_export)
def exports(request: HttpRequest) -> HttpResponse:
    """What one may ask for, and what is asked for."""
    account = account_of(request)
    told = {"asked": exports_for(account), "choices": choices_of(account)}
    return render(request, "people/staff/exports.html", told)


@about_a_person
@require_POST
def ask(request: HttpRequest, kind: str, scope: str) -> HttpResponse:
    """Ask for an export."""
    if not rules.can_ask_for(request.user, kind, scope):
        return refused(request)
    try:
        actions.ask_for_export(kind, scope, account_of(request))
    except NotAllowed as refusal:
        return _over(request, refusal)
    return _back(request, _("Now another colleague has to agree, within 24 hours."))


@about_a_person
@require_POST
@only_for(rules.can_export)
@shown_lately(_page)
def approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Agree to what another colleague asked for."""
    sentence = _("Who asked can take it once, before the 24 hours are over.")
    return _decide(request, public_id, actions.approve_export, sentence)


@about_a_person
@require_POST
def decline(request: HttpRequest, public_id: str) -> HttpResponse:
    """Decline what another asked for, or take back what one asked for."""
    return _decide(request, public_id, actions.decline_export, _("The export is declined."))


@about_a_person
@require_POST
@only_for(rules.can_export)
@shown_lately(_page)
def take(request: HttpRequest, public_id: str, form: str) -> HttpResponse:
    """The file, once."""
    if form not in TYPES:
        raise Http404
    try:
        export = _export_or_gone(public_id)
        rows = actions.take_export(export, account_of(request))
    except NotAllowed:
        return refused(request)
    except Gone as refusal:
        return _over(request, refusal)
    response = HttpResponse(as_file(rows, form), content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{export.kind}-{export.scope}.{form}"'
    return response


def _decide(
    request: HttpRequest, public_id: str, decided: Callable[[Export, Account], None], sentence: str
) -> HttpResponse:
    try:
        decided(_export_or_gone(public_id), account_of(request))
    except NotAllowed:
        return refused(request)
    except Gone as refusal:
        return _over(request, refusal)
    return _back(request, sentence)


def _back(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("people_exports")


def _over(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    messages.error(request, str(refusal))
    return redirect("people_exports")


def _export_or_gone(public_id: str) -> Export:
    found = export_called(public_id)
    if found is None:
        # Whoever takes one stays on the page, and may press once more.
        raise Gone(_("This export was taken or declined, or its day is over."))
    return found
