"""How the house is, for the machines that watch over it."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tertulia.project.readiness import lacking


@never_cache
@require_GET
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 while pages are given, whatever else is missing."""
    return JsonResponse({"alive": True})


@never_cache
@require_GET
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 if everything is there, else 503 and the names of the parts that are not."""
    missing = lacking()
    return JsonResponse({"ready": not missing, "lacking": missing}, status=503 if missing else 200)
