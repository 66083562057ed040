"""Who may open the pages about one's factors: colleagues who are in, and those whom a link has led there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tertulia.kit.limits import Limit
from tertulia.people import actions
from tertulia.people.queries.factor import colleague_at, may_change_factors

View = Callable[..., HttpResponse]
# Passwords and codes, of whomever: counted by network alone, so that nobody shuts another's door by their name.
WRONG_SIGN_INS = Limit(most=20, seconds=600)


def for_colleagues(view: View) -> View:
    """The view is given the colleague after the request; anybody else is led to the staff's door."""

    @wraps(view)
    def asked(request: HttpRequest, **given: Any) -> HttpResponse:
        account = colleague_at(request)
        if account is None:
            return redirect_to_login(request.path, reverse("people:sign_in"))
        return view(request, account, **given)

    return asked


def proven(view: View) -> View:
    """A factor has to be shown again before a factor is changed; inside of `for_colleagues`."""

    @wraps(view)
    def asked(request: HttpRequest, *given: Any, **more: Any) -> HttpResponse:
        if may_change_factors(request):
            return view(request, *given, **more)
        return redirect(f"{reverse('people:prove')}?{urlencode({'next': request.path})}")

    return asked


def signed_out(request: HttpRequest) -> HttpResponse:
    """To the staff's door, for whose session was ended while they were on the way."""
    actions.leave(request)
    return redirect("people:sign_in")


def wait(request: HttpRequest) -> HttpResponse:
    """What a network is told from which too many wrong passwords or codes came."""
    response = render(request, "people/staff_wait.html", status=429)
    response["Retry-After"] = str(int(WRONG_SIGN_INS.seconds))
    return response
