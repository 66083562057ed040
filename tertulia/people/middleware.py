"""Keeps a session awake while its visitor is here, whatever page is asked for."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_max_age, patch_vary_headers

from tertulia.people.sessions import SessionStore


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's own, which also writes the cookie anew when its moment has grown old."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """The response, with the cookie renewed at most once a minute; a page that is kept in a cache carries none."""
        response = super().process_response(request, response)
        session = cast("SessionStore", request.session)
        is_kept = "public" in response.headers.get("Cache-Control", "") or bool(get_max_age(response))
        if settings.SESSION_COOKIE_NAME in response.cookies or is_kept or not session.is_due_for_renewal:
            return response
        response.set_cookie(
            settings.SESSION_COOKIE_NAME,
            session.session_key or "",
            max_age=session.max_age,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        patch_vary_headers(response, ("Cookie",))
        return response
