"""Who may open the pages about one's factors: colleagues who are in, and those whom a link has led there."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tertulia.kit.gates import EVERYBODY
from tertulia.kit.handover import close, opened
from tertulia.kit.limits import Limit
from tertulia.kit.sealing import Unreadable
from tertulia.people import actions
from tertulia.people.queries.factor import SECONDS_SHOWN, colleague_at, has_shown_lately, may_change_factors

View = Callable[..., HttpResponse]
# Passwords and codes, of whomever: counted by network alone, so that nobody shuts another's door by their name.
WRONG_SIGN_INS = Limit(most=20, seconds=600)
# From everywhere: each costs an Argon2, so all together cost less than a tenth of a processor. A passkey still opens.
ALL_WRONG_SIGN_INS = Limit(most=1000, seconds=600, places=1)
# Signs of each field. They are carried through the page that asks, sealed: no address in a history names anybody.
LONGEST = 200


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
        return _ask_once_more(request.path)

    return asked


def shown_lately(page: Callable[..., str], *fields: str) -> Callable[[View], View]:
    """A factor has to be shown that is some minutes old at most; inside of `only_for`, or of what refuses the others.

    From there one goes on to the `page`, which finds by `typed` what stood in these `fields` of the form.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, **given: Any) -> HttpResponse:
            if has_shown_lately(request):
                return view(request, **given)
            if request.method != "POST":
                return _ask_once_more(request.get_full_path())
            told = {name: request.POST.get(name, "")[:LONGEST] for name in fields}
            box = close(json.dumps(told).encode(), _typed_by(request))
            return _ask_once_more(f"{page(**given)}?{urlencode({'typed': box})}")

        return asked

    return guard


def typed(request: HttpRequest) -> dict[str, str]:
    """What was typed before a factor had to be shown once more; nothing if that is long ago."""
    try:
        box, age = opened(request.GET.get("typed", ""), _typed_by(request))
    except Unreadable:
        return {}
    return dict(json.loads(box)) if age < SECONDS_SHOWN else {}


def _typed_by(request: HttpRequest) -> str:
    return f"people.typed {request.user.pk}"


def must_wait(address: str) -> bool:
    """Whether no password is looked at now: too many wrong ones came from the network of `address`, or from all."""
    return WRONG_SIGN_INS.is_reached(address) or ALL_WRONG_SIGN_INS.is_reached(EVERYBODY)


def count_wrong(address: str) -> None:
    """One more wrong password or code, from `address`."""
    WRONG_SIGN_INS.count(address)
    ALL_WRONG_SIGN_INS.count(EVERYBODY)


def _ask_once_more(onward: str) -> HttpResponse:
    return redirect(f"{reverse('people:prove')}?{urlencode({'next': onward})}")


def signed_out(request: HttpRequest) -> HttpResponse:
    """To the staff's door, for whose session was ended while they were on the way."""
    actions.leave(request)
    return redirect("people:sign_in")


def wait(request: HttpRequest) -> HttpResponse:
    """What is said where no password is looked at now, since too many wrong ones came from this network or from all."""
    shown = {"is_everywhere": ALL_WRONG_SIGN_INS.is_reached(EVERYBODY)}
    response = render(request, "people/staff_wait.html", shown, status=429)
    response["Retry-After"] = str(int(WRONG_SIGN_INS.seconds))
    return response
