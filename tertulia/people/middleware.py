"""Keeps a session awake while its visitor is here, and staff without a factor outside, whatever page is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_max_age, patch_vary_headers
from django.utils.functional import SimpleLazyObject

from tertulia.people.queries.factor import who_is_in
from tertulia.people.rules import Visitor
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


class StaffDoor:
    """A colleague who has shown no factor in this session is nobody: to every page, ours and those of libraries."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with who is in as `request.user`."""
        request.user = cast("Visitor", SimpleLazyObject(lambda: who_is_in(request)))
        request.auser = sync_to_async(lambda: who_is_in(request))
        return self.get_response(request)
