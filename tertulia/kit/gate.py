"""Who is let through to a page, by a rule."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.defaults import permission_denied

View = Callable[..., HttpResponse]


def only_for(may: Callable[[Any], bool]) -> Callable[[View], View]:
    """Answer 403 to whom the rule `may` does not let through.

    Wagtail would turn the exception into a way to its first page, which looks like success.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
            return view(request, *given, **named) if may(request.user) else refused(request)

        return guarded

    return guard


def refused(request: HttpRequest) -> HttpResponse:
    """The page that says so."""
    return permission_denied(request, PermissionDenied())
