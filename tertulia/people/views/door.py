"""Coming back, and leaving."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tertulia.design.rules import is_way_back
from tertulia.kit.errors import Gone
from tertulia.kit.handover import take_back
from tertulia.kit.limits import Limit
from tertulia.kit.registry import farewells
from tertulia.people import actions
from tertulia.people.forms import ComeBackForm
from tertulia.people.models import Account
from tertulia.people.queries.passkey import are_offered

WRONG_PHRASES = Limit(most=20, seconds=600)
TOO_MANY = 429
about_a_person = cache_control(no_store=True, private=True)
reads_or_posts = require_http_methods(["GET", "HEAD", "POST"])


@about_a_person
@sensitive_post_parameters()
@reads_or_posts
def come_back(request: HttpRequest) -> HttpResponse:
    """I've been here before: the words or digits lead back in."""
    if request.method != "POST":
        return _ask_for_phrase(request, ComeBackForm(), 200)
    form = ComeBackForm(request.POST)
    # Only wrong ones are counted: a right phrase is never kept waiting by those of others at the same address.
    if not form.is_valid():
        return refuse(request, form)
    try:
        return _let_back(request, form)
    except Gone as refusal:
        form.add_error("phrase", str(refusal))
        return _ask_for_phrase(request, form, 422)


@about_a_person
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the session, and ask the browser to forget this site."""
    response = goodbye(request, "people:left")
    actions.leave(request)
    return response


@require_GET
def left(request: HttpRequest) -> HttpResponse:
    """Goodbye."""
    return render(request, "people/left.html")


def onward(request: HttpRequest) -> str:
    """The page to go on to: `next` if it is a path of this site, else the page about oneself."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if is_way_back(asked) else reverse("people:me")


def goodbye(request: HttpRequest, page: str) -> HttpResponse:
    """Lead to `page`, and ask the browser to forget this site."""
    response = without_tickets(redirect(page), request)
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def without_tickets(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """The response, which also takes back what upper apps put into this browser for who is signed in."""
    if request.user.is_authenticated:
        for farewell in farewells:
            for name, path in farewell(request, request.user):
                take_back(response, name, path)
    return response


def account_of(request: HttpRequest) -> Account:
    """Who is signed in; only behind `login_required`."""
    return cast("Account", request.user)


def refuse(request: HttpRequest, form: ComeBackForm, why_no_passkey: str = "") -> HttpResponse:
    """Ask once more, below why this opened nothing; whoever was wrong too often is told why it takes longer."""
    address = request.META["REMOTE_ADDR"]
    is_pressed = WRONG_PHRASES.is_reached(address)
    WRONG_PHRASES.count(address)
    return _ask_for_phrase(request, form, TOO_MANY if is_pressed else 422, why_no_passkey)


def _let_back(request: HttpRequest, form: ComeBackForm) -> HttpResponse:
    # Tickets of who was in before, and of who is in now from before a new way back in was kept.
    response = without_tickets(redirect(onward(request)), request)
    actions.come_back(request, form.cleaned_data["phrase"], stays=form.cleaned_data["device"])
    return without_tickets(response, request)


def _ask_for_phrase(request: HttpRequest, form: ComeBackForm, status: int, why_no_passkey: str = "") -> HttpResponse:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    shown = {"form": form, "next": asked, "is_pressed": status == TOO_MANY}
    shown |= {"has_passkeys": are_offered(request), "why_no_passkey": why_no_passkey}
    return render(request, "people/come_back.html", shown, status=status)
