"""Passkeys: adding one, coming back with one, removing one."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tertulia.kit.errors import Gone, Invalid
from tertulia.people import actions
from tertulia.people.forms import ComeBackForm, DeviceForm
from tertulia.people.models import Account
from tertulia.people.queries import passkey as queries
from tertulia.people.rules import can_have_passkeys
from tertulia.people.views.door import (
    about_a_person,
    account_of,
    onward,
    reads_or_posts,
    refuse,
    without_tickets,
)


@about_a_person
@sensitive_post_parameters()
@reads_or_posts
@login_required(login_url="people:come_back")
def passkeys(request: HttpRequest) -> HttpResponse:
    """What a passkey is and where it stays, those that one has, and a way to add one; a post brings what was made."""
    account = _participant(request)
    if request.method != "POST":
        return _show(request, account)
    try:
        asked, answer = queries.ceremony_of(request, account), request.POST.get("answer", "")
        added = actions.add_passkey(account, asked, answer, request.session)
    except (Invalid, Gone) as refusal:
        return _answered(_show(request, account, 422, str(refusal)), "people:passkeys")
    messages.success(request, _("Passkey %(number)s is added.") % {"number": added.number})
    return _answered(redirect(_with_next(request)), "people:passkeys")


@about_a_person
@require_POST
@login_required(login_url="people:come_back")
def begin_adding(request: HttpRequest) -> HttpResponse:
    """What the browser is asked, so that it makes a passkey."""
    account = _participant(request)
    if not queries.are_offered(request):
        raise Http404
    asked = queries.new_ceremony(account)
    called = queries.name_on_device(asked.number)
    response = JsonResponse(queries.our_site().to_make(asked.challenge, asked.handle, called))
    actions.begin_ceremony(response, asked, reverse("people:passkeys"), account)
    return response


@about_a_person
@require_POST
@login_required(login_url="people:come_back")
def remove_passkey(request: HttpRequest, number: int) -> HttpResponse:
    """It opens nothing any more, and whoever came with it is out."""
    try:
        actions.remove_passkey(account_of(request), number, request.session)
    except Gone as refusal:
        raise Http404 from refusal
    messages.success(request, _("Passkey %(number)s is removed. Delete it on your device too.") % {"number": number})
    return without_tickets(redirect("people:passkeys"), request)


@about_a_person
@require_POST
def begin_coming_back(request: HttpRequest) -> HttpResponse:
    """What the browser is asked, so that it proves that somebody has a passkey."""
    if not queries.are_offered(request):
        raise Http404
    asked = queries.new_ceremony()
    response = JsonResponse(queries.our_site().to_prove(asked.challenge))
    actions.begin_ceremony(response, asked, reverse("people:come_back"))
    return response


@about_a_person
@sensitive_post_parameters()
@require_POST
def come_back_by_passkey(request: HttpRequest) -> HttpResponse:
    """I've been here before: a passkey leads back in."""
    response = without_tickets(redirect(onward(request)), request)
    answer, device = request.POST.get("answer", ""), DeviceForm(request.POST)
    stays = device.is_valid() and device.cleaned_data["device"]
    try:
        actions.come_back_by_passkey(request, queries.ceremony_of(request), answer, stays=stays)
    except Invalid as refusal:
        return _answered(refuse(request, ComeBackForm(), str(refusal)), "people:come_back")
    return _answered(without_tickets(response, request), "people:come_back")


def _participant(request: HttpRequest) -> Account:
    account = account_of(request)
    if not can_have_passkeys(account):
        raise PermissionDenied
    return account


def _show(request: HttpRequest, account: Account, status: int = 200, why: str = "") -> HttpResponse:
    site = queries.our_site()
    shown = {
        "site": site,
        "is_offered": queries.are_offered(request),
        "has_room": queries.has_room_for_another(account),
        "passkeys": queries.numbers_of(account),
        "why": why,
        "next": request.POST.get("next") or request.GET.get("next") or "",
        "onward": onward(request),
    }
    return render(request, "people/passkeys.html", shown, status=status)


def _with_next(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    page = reverse("people:passkeys")
    return f"{page}?{urlencode({'next': asked})}" if asked else page


def _answered(response: HttpResponse, page: str) -> HttpResponse:
    """The response, with which the browser drops what it was asked: it can be answered once."""
    response.delete_cookie(queries.CEREMONY_COOKIE, path=reverse(page), samesite="Lax")
    return response
