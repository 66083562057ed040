"""What is done around every page: the visitor's own choices, and what a page may load."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from tertulia.design.rules import is_scheme, zone_called
from tertulia.kit.walls import EVERYWHERE

Answer = Callable[[HttpRequest], HttpResponse]
STAFF = "/staff/"

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# What an editor looks at before publishing stands in a frame of the staff screens.
PREVIEW_POLICY = PAGE_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
# Wagtail's screens carry scripts and styles in themselves.
STAFF_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; media-src 'self'; connect-src 'self'; frame-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


class LanguageMiddleware(LocaleMiddleware):
    """The address says the language of a page; that of the staff screens, which have one address, the browser says."""

    def process_request(self, request: HttpRequest) -> None:
        """Put the language in force."""
        super().process_request(request)
        if request.path_info.startswith(STAFF):
            translation.activate(translation.get_language_from_request(request))
            request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """What the answer depends on: who enters may be offered the page in another language."""
        patch_vary_headers(response, ["Sec-Fetch-Site"])
        return super().process_response(request, response)


class PreferencesMiddleware:
    """Sets `request.zone` (ZoneInfo or None) and `request.colour_scheme` (or ""), from cookies that one asked for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the chosen zone in force."""
        zone, scheme = zone_called(request.COOKIES.get("zone", "")), request.COOKIES.get("scheme", "")
        request.zone = ZoneInfo(zone) if zone else None  # type: ignore[attr-defined]
        request.colour_scheme = scheme if is_scheme(scheme) else ""  # type: ignore[attr-defined]
        with timezone.override(request.zone) if request.zone else nullcontext():  # type: ignore[attr-defined]
            response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
        return response


class ContentPolicyMiddleware:
    """Lets a page load what comes from this site alone, and nobody embed it; staff screens have their own policy."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with a policy, unless the view set one."""
        response = self.get_response(request)
        for name, value in {"Content-Security-Policy": _policy(request), **EVERYWHERE}.items():
            response.headers.setdefault(name, value)
        return response


def _policy(request: HttpRequest) -> str:
    policy = STAFF_POLICY if request.path_info.startswith(STAFF) else PAGE_POLICY
    if getattr(request, "is_preview", False):
        policy = PREVIEW_POLICY
    return f"{policy}; upgrade-insecure-requests" if settings.SECURE else policy
