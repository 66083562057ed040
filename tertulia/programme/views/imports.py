"""The staff's page for importing a programme: choose a file, see what would change, then import it."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from tertulia.kit.errors import Overtaken, Refusal
from tertulia.kit.gate import only_for
from tertulia.people.models import Account
from tertulia.programme.actions.schedule import import_schedule
from tertulia.programme.formats.schedule_json import parse
from tertulia.programme.forms.imports import ConfirmForm, UploadForm, packed
from tertulia.programme.queries.imports import ImportReport, import_preview
from tertulia.programme.rules import can_import

_Held = UploadForm | ConfirmForm
TEMPLATE = "programme/staff/import.html"


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(can_import)
def import_page(request: HttpRequest) -> HttpResponse:
    """The form; what a chosen file would do; and, confirmed, the import itself."""
    if request.method == "POST" and "packed" in request.POST:
        return _import(request, ConfirmForm(request.POST))
    if request.method == "POST":
        return _look(request, UploadForm(request.POST, request.FILES))
    return render(request, TEMPLATE, {"form": UploadForm(initial={"slug": request.GET.get("slug", "")})})


def _look(request: HttpRequest, form: UploadForm) -> HttpResponse:
    if not form.is_valid():
        return render(request, TEMPLATE, {"form": form}, status=422)
    parsed = parse(form.content(), form.cleaned_data["zone"] or None)
    report = import_preview(parsed, form.cleaned_data["slug"], cast("Account", request.user))
    if report.rejected:
        form.add_error("file", _("Nothing can be imported from this file as it is; see below what is wrong with it."))
    elif report.refused:
        form.add_error("slug", report.refused)
    if form.errors:
        return render(request, TEMPLATE, {"form": form, "report": report}, status=422)
    return _show(request, form, form, report)


def _show(request: HttpRequest, form: UploadForm, held: _Held, report: ImportReport, status: int = 200) -> HttpResponse:
    """What would change, and the button that imports just that."""
    carried = {"slug": report.event, "zone": held.cleaned_data["zone"], "seen": report.as_of}
    confirm = ConfirmForm(initial={**carried, "packed": packed(held.content())})
    shown = {"report": report, "confirm": confirm, "makes_event": not report.as_of}
    return render(request, TEMPLATE, {"form": form, **shown}, status=status)


def _import(request: HttpRequest, form: ConfirmForm) -> HttpResponse:
    if not form.is_valid():
        return render(request, TEMPLATE, {"form": UploadForm(), "lost": form}, status=422)
    given, by = form.cleaned_data, cast("Account", request.user)
    zone = given["zone"] or None
    parsed = parse(form.content(), zone)
    try:
        report = import_schedule(parsed, given["slug"], zone, by, seen=given["seen"])
    except Overtaken as refusal:
        return _look_again(request, form, import_preview(parsed, given["slug"], by), str(refusal))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return render(request, TEMPLATE, {"form": UploadForm()}, status=422)
    return _done(request, report, _imported(report))


def _look_again(request: HttpRequest, form: ConfirmForm, report: ImportReport, why: str) -> HttpResponse:
    """What would change by now; if that is nothing, the same file was imported before, or the button pressed twice."""
    if not (report.added or report.changed or report.removed):
        already = _("%(event)s says already what this file says; nothing was changed.") % {"event": report.event}
        return _done(request, report, already)
    messages.warning(request, why)
    return _show(request, UploadForm(), form, report, 409)


def _done(request: HttpRequest, report: ImportReport, sentence: str) -> HttpResponse:
    onward = messages.button(reverse("programme:programme", args=[report.event]), _("See the programme"))
    messages.success(request, sentence, buttons=[onward])
    return redirect("programme_events:index")


def _imported(report: ImportReport) -> str:
    return _("Imported into %(event)s. Sessions: %(added)d added, %(changed)d changed, %(removed)d removed.") % {
        "event": report.event,
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
    }
