"""Pages of the look itself: choosing, the style sheet, the gallery."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_GET, require_http_methods

from tertulia.design.forms import PreferencesForm
from tertulia.design.queries import Frame, style_sheet
from tertulia.design.samples import samples

FOR_A_YEAR = "public, max-age=31536000, immutable"


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Choose a time zone and colours, kept until the browser is closed."""
    if request.method == "POST":
        return _choose(request, PreferencesForm(request.POST))
    frame = Frame(request)
    chosen = {"zone": frame.zone.key if frame.zone else "", "scheme": frame.scheme, "motion": frame.has_motion}
    chosen["next"] = request.GET.get("next", "")
    return render(request, "design/preferences.html", {"form": PreferencesForm(initial=chosen)})


@require_GET
def styles(request: HttpRequest, name: str) -> HttpResponse:
    """The style sheet; an older name gives the newest one, which is then not kept."""
    sheet = style_sheet()
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(sheet.packed if packed else sheet.text, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = FOR_A_YEAR if name == sheet.name else "no-cache"
    response["Vary"] = "Accept-Encoding"
    if packed:
        response["Content-Encoding"] = "gzip"
    return response


@require_GET
def favicon(_request: HttpRequest) -> HttpResponse:
    """Where browsers look for a sign that a page did not name."""
    return HttpResponsePermanentRedirect(static("design/favicon.svg"))


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state; only in development."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "design/gallery.html", samples())


def _choose(request: HttpRequest, form: PreferencesForm) -> HttpResponse:
    if not form.is_valid():
        return render(request, "design/preferences.html", {"form": form}, status=400)
    response = HttpResponseRedirect(form.cleaned_data["next"])
    for name, chosen in form.chosen().items():
        if chosen:
            response.set_cookie(name, chosen, secure=settings.SECURE, httponly=True, samesite="Lax")
        else:
            response.delete_cookie(name, samesite="Lax")
    return response
