"""Pages of the look itself: choosing, the style sheet, the gallery; and what a device may keep of the site."""

from __future__ import annotations

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from tertulia.design.forms import PreferencesForm
from tertulia.design.installed import manifest as app_manifest
from tertulia.design.installed import worker
from tertulia.design.pictures import FOR_A_YEAR, ICONS, icon
from tertulia.design.queries import Frame, style_sheet
from tertulia.design.samples import samples

FOR_A_DAY = "public, max-age=86400"


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
    return HttpResponsePermanentRedirect(reverse("icon", args=["48"]))


@require_GET
def icon_of(_request: HttpRequest, kind: str) -> HttpResponse:
    """The mark as a PNG, in the sizes that devices ask for."""
    if kind not in ICONS:
        raise Http404
    return HttpResponse(icon(kind), content_type="image/png", headers={"Cache-Control": FOR_A_DAY})


@require_GET
def manifest(_request: HttpRequest) -> HttpResponse:
    """What a device is told that keeps the site on its first screen."""
    return JsonResponse(
        app_manifest(), content_type="application/manifest+json", headers={"Cache-Control": "public, max-age=3600"}
    )


@require_GET
def away_worker(_request: HttpRequest) -> HttpResponse:
    """The script that shows the page below where there is no connection; asked for by the installed site alone."""
    return HttpResponse(worker(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """No connection: the page that an installed site keeps."""
    response = render(request, "design/offline.html")
    response["X-Robots-Tag"] = "noindex"
    return response


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
