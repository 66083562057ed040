"""Staff come in with a passkey, show one again, and add one."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tertulia.design.rules import is_way_back
from tertulia.kit.errors import Gone, Invalid
from tertulia.kit.limits import Limit
from tertulia.people import actions
from tertulia.people.actions import ceremony
from tertulia.people.forms import PasskeyForm
from tertulia.people.models import Account
from tertulia.people.queries.passkey import are_offered
from tertulia.people.views.access import View, for_colleagues, proven, signed_out
from tertulia.people.views.door import about_a_person, reads_or_posts, without_tickets

# Nothing is kept of one, and a colleague needs few.
CEREMONIES = Limit(most=60, seconds=600)


def answered(view: View) -> View:
    """With the answer to a post the browser drops what was begun: it is answered once, rightly or not."""

    @wraps(view)
    def dropping(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        response = view(request, *given, **named)
        if request.method == "POST":
            ceremony.drop(response)
        return response

    return dropping


@about_a_person
@require_POST
def begin_entering(request: HttpRequest) -> HttpResponse:
    """What the browser asks the device for, to come in or to show a passkey again; begun anew each time."""
    if CEREMONIES.is_reached(request.META["REMOTE_ADDR"]):
        return JsonResponse({}, status=429)
    CEREMONIES.count(request.META["REMOTE_ADDR"])
    return _ask(ceremony.begin_entering())


@about_a_person
@require_POST
@answered
def enter(request: HttpRequest) -> HttpResponse:
    """Come in with what the device answered."""
    response = without_tickets(to_the_screens(request), request)
    try:
        actions.enter_with_passkey(request, request.POST.get("answer", ""))
    except Invalid as refusal:
        return _refused(request, refusal)
    return response


@about_a_person
@require_POST
@answered
@for_colleagues
def prove(request: HttpRequest, account: Account) -> HttpResponse:
    """Show a passkey again, and go on to what was asked for."""
    try:
        actions.prove_with_passkey(request, account, request.POST.get("answer", ""))
    except Invalid as refusal:
        return _refused(request, refusal)
    return redirect(onward(request, "people:factors"))


@about_a_person
@require_POST
@for_colleagues
@proven
def begin_adding(_request: HttpRequest, account: Account) -> HttpResponse:
    """What the browser asks the device for, to make a passkey."""
    return _ask(ceremony.begin_adding(account))


@about_a_person
@reads_or_posts
@answered
@for_colleagues
@proven
def add(request: HttpRequest, account: Account) -> HttpResponse:
    """A new passkey: what it is to be called, and the button that asks the device."""
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    try:
        if form.is_valid():
            actions.keep_passkey(request, account, **form.cleaned_data)
            return redirect("people:factors")
    except Invalid as refusal:
        form.add_error("name", refusal.why)
    except Gone:
        return signed_out(request)
    shown = {"form": form, "has_passkeys": are_offered(request)}
    return render(request, "people/factor_passkey.html", shown, status=422 if form.is_bound else 200)


def to_the_screens(request: HttpRequest) -> HttpResponse:
    """To the page that was asked for, else to the staff screens."""
    return redirect(onward(request, "wagtailadmin_home"))


def onward(request: HttpRequest, otherwise: str) -> str:
    """The path to go on to: `next` if it is one of this site, else `otherwise`, the name of an address."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if is_way_back(asked) else otherwise


def _ask(begun: ceremony.Begun) -> HttpResponse:
    response = JsonResponse(begun.asked)
    ceremony.carry(response, begun)
    return response


def _refused(request: HttpRequest, refusal: Invalid) -> HttpResponse:
    return render(request, "people/passkey_refused.html", {"why": refusal.why}, status=422)
