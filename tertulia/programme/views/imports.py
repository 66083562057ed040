"""The staff's page for importing a programme: choose a file, see what would change, then import it."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from tertulia.kit.errors import Refusal
from tertulia.people.models import Account
from tertulia.programme.actions.schedule import import_schedule
from tertulia.programme.formats.schedule_json import parse
from tertulia.programme.forms.imports import ConfirmForm, UploadForm, packed
from tertulia.programme.queries.events import is_event
from tertulia.programme.queries.imports import ImportReport, import_preview
from tertulia.programme.rules import can_see_staff_programme

TEMPLATE = "programme/staff/import.html"


@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """The form; what a chosen file would do; and, confirmed, the import itself."""
    if not can_see_staff_programme(request.user):
        raise PermissionDenied
    if request.method == "POST" and "packed" in request.POST:
        return _import(request, ConfirmForm(request.POST))
    if request.method == "POST":
        return _look(request, UploadForm(request.POST, request.FILES))
    return render(request, TEMPLATE, {"form": UploadForm(initial={"slug": request.GET.get("slug", "")})})


def _look(request: HttpRequest, form: UploadForm) -> HttpResponse:
    if not form.is_valid():
        return render(request, TEMPLATE, {"form": form}, status=422)
    content = form.content()
    parsed = parse(content, form.cleaned_data["zone"] or None)
    report = import_preview(parsed, form.cleaned_data["slug"])
    if report.rejected:
        form.add_error("file", _("Nothing can be imported from this file as it is; see below what is wrong with it."))
        return render(request, TEMPLATE, {"form": form, "report": report}, status=422)
    held = {"slug": report.event, "zone": form.cleaned_data["zone"], "packed": packed(content)}
    shown = {"report": report, "confirm": ConfirmForm(initial=held), "makes_event": not is_event(report.event)}
    return render(request, TEMPLATE, {"form": form, **shown})


def _import(request: HttpRequest, form: ConfirmForm) -> HttpResponse:
    if not form.is_valid():
        return render(request, TEMPLATE, {"form": UploadForm(), "lost": form}, status=422)
    zone = form.cleaned_data["zone"] or None
    parsed = parse(form.content(), zone)
    try:
        report = import_schedule(parsed, form.cleaned_data["slug"], zone, by=cast("Account", request.user))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return render(request, TEMPLATE, {"form": UploadForm()}, status=422)
    onward = messages.button(reverse("programme:programme", args=[report.event]), _("See the programme"))
    messages.success(request, _imported(report), buttons=[onward])
    return redirect("programme_events:index")


def _imported(report: ImportReport) -> str:
    return _("Imported into %(event)s. Sessions: %(added)d added, %(changed)d changed, %(removed)d removed.") % {
        "event": report.event,
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
    }
