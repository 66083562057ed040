"""Coming back, the page about oneself, leaving, and the staff's door."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tertulia.design.rules import is_way_back
from tertulia.kit.errors import Gone, NotAllowed
from tertulia.kit.handover import take_back
from tertulia.kit.limits import Limit
from tertulia.kit.origin import is_from_a_page_of_ours, is_from_this_machine
from tertulia.kit.phrases import Kind
from tertulia.kit.registry import farewells
from tertulia.people import actions, queries, rules
from tertulia.people.forms import ComeBackForm, KindForm
from tertulia.people.models import Account

WRONG_PHRASES = Limit(most=20, seconds=600)
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
    if not form.is_valid():
        return _refuse_phrase(request, form)
    # Not before: a right phrase is never kept waiting by the wrong ones of others at the same address.
    try:
        actions.come_back(request, form.cleaned_data["phrase"])
    except Gone as refusal:
        form.add_error("phrase", str(refusal))
        return _ask_for_phrase(request, form, 422)
    # Tickets of somebody else, or from before a new way back in was kept.
    return _without_tickets(redirect(onward(request)), request)


@about_a_person
@require_GET
@login_required(login_url="people:come_back")
def me(request: HttpRequest) -> HttpResponse:
    """What one is called where, a new way back, and the way out."""
    account = _account(request)
    shown = {
        "form": KindForm(),
        "has_way_back": rules.can_have_way_back(account),
        "mark": queries.mark_to_keep(account),
    }
    return render(request, "people/me.html", shown)


@about_a_person
@require_http_methods(["GET", "POST"])
@login_required(login_url="people:come_back")
def way_back(request: HttpRequest) -> HttpResponse:
    """The way back in, shown once; a post makes a new one, which takes its place when it is kept."""
    if request.method == "POST":
        return _new_way_back(request)
    response = _way_back(request, phrase=queries.phrase_to_show(request, _account(request)))
    response.delete_cookie(queries.PHRASE_COOKIE, path=reverse("people:way_back"), samesite="Lax")
    return response


@about_a_person
@require_POST
def keep_way_back(request: HttpRequest) -> HttpResponse:
    """I have kept it: the new way back in takes its place; who is no longer in comes back with it, to the same end."""
    if not request.user.is_authenticated:
        return redirect(f"{reverse('people:come_back')}?{urlencode({'next': onward(request)})}")
    try:
        actions.keep_new_way_back(_account(request), request.POST.get("mark", ""), request.session)
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except Gone as refusal:
        return _way_back(request, status=410, why=str(refusal))
    return _without_tickets(redirect(onward(request)), request)


# Whoever pressed before and lost the answer is out, and the form's token may be gone. That a page of ours sent it is
# asked all the same: the answer signs a browser out and says that its words open nothing.
@csrf_exempt
@about_a_person
@reads_or_posts
def delete(request: HttpRequest) -> HttpResponse:
    """What goes at once and what goes later; a post deletes everything that leads to who asks, and says so again."""
    again = request.method == "POST" and is_from_a_page_of_ours(request)
    if again and queries.is_deleted(request.POST.get("whose", "")):
        return _goodbye(request, "people:deleted")
    return _delete(request)


@csrf_protect
@login_required(login_url="people:come_back")
def _delete(request: HttpRequest) -> HttpResponse:
    account = _account(request)
    if not rules.can_be_deleted(account):
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "people/delete.html", {"whose": queries.sealed_name(account)})
    response = _goodbye(request, "people:deleted")
    actions.delete_account(account)
    actions.leave(request)
    return response


@about_a_person
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the session, and ask the browser to forget this site."""
    response = _goodbye(request, "people:left")
    actions.leave(request)
    return response


@require_GET
def deleted(request: HttpRequest) -> HttpResponse:
    """Goodbye for good: what went, and what goes later."""
    return render(request, "people/deleted.html")


@require_GET
def left(request: HttpRequest) -> HttpResponse:
    """Goodbye."""
    return render(request, "people/left.html")


@about_a_person
@require_GET
def sign_in(request: HttpRequest) -> HttpResponse:
    """The staff's door: how one gets in."""
    if rules.can_enter_staff_screens(request.user):
        return redirect("wagtailadmin_home")
    return render(request, "people/staff_door.html")


# Signing in gives the form's token up: the second press of an impatient finger has an old one, and asks for nothing.
@csrf_exempt
@about_a_person
@reads_or_posts
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A sign-in link: opening it changes nothing, its button uses it up; who is in by it already goes on."""
    if queries.came_by_link(request, token):
        return redirect("wagtailadmin_home")
    return _by_link(request, token)


@csrf_protect
def _by_link(request: HttpRequest, token: str) -> HttpResponse:
    if request.method != "POST":
        return render(request, "people/staff_link.html")
    try:
        actions.enter_by_link(request, token, from_loopback=is_from_this_machine(request))
    except (Gone, NotAllowed) as refusal:
        status = 410 if isinstance(refusal, Gone) else 403
        return render(request, "people/staff_link_refused.html", {"why": str(refusal)}, status=status)
    return redirect("wagtailadmin_home")


@require_http_methods(["GET", "HEAD", "POST"])
def to_staff_door(_request: HttpRequest) -> HttpResponse:
    """Where Wagtail's own sign-in form would be: nobody has a password."""
    return redirect("people:sign_in")


@require_GET
@login_required(login_url="people:sign_in")
def to_me(_request: HttpRequest) -> HttpResponse:
    """Where Wagtail's own account page would be."""
    return redirect("people:me")


@reads_or_posts
def absent(_request: HttpRequest, rest: str) -> HttpResponse:
    """What Wagtail would let one do to accounts by hand, past our actions: it is not here."""
    raise Http404(rest)


def onward(request: HttpRequest) -> str:
    """The page to go on to: `next` if it is a path of this site, else the page about oneself."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if is_way_back(asked) else reverse("people:me")


def _goodbye(request: HttpRequest, page: str) -> HttpResponse:
    response = _without_tickets(redirect(page), request)
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def _without_tickets(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """The response, which also takes back what upper apps put into this browser for who is signed in."""
    if request.user.is_authenticated:
        for farewell in farewells:
            for name, path in farewell(request, request.user):
                take_back(response, name, path)
    return response


def _ask_for_phrase(request: HttpRequest, form: ComeBackForm, status: int) -> HttpResponse:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return render(request, "people/come_back.html", {"form": form, "next": asked}, status=status)


def _refuse_phrase(request: HttpRequest, form: ComeBackForm) -> HttpResponse:
    if WRONG_PHRASES.is_reached(request.META["REMOTE_ADDR"]):
        return _wait(request)
    WRONG_PHRASES.count(request.META["REMOTE_ADDR"])
    return _ask_for_phrase(request, form, 422)


def _wait(request: HttpRequest) -> HttpResponse:
    response = render(request, "people/wait.html", status=429)
    response["Retry-After"] = str(int(WRONG_PHRASES.seconds))
    return response


def _new_way_back(request: HttpRequest) -> HttpResponse:
    form = KindForm(request.POST)
    kind = Kind(form.cleaned_data["kind"]) if form.is_valid() else Kind.WORDS
    account = _account(request)
    try:
        phrase = actions.make_new_way_back(account, kind)
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    return actions.show_way_back(account, phrase, onward(request))


def _way_back(request: HttpRequest, status: int = 200, **shown: object) -> HttpResponse:
    known = {"onward": onward(request), "form": KindForm(), "mark": queries.mark_to_keep(_account(request))}
    return render(request, "people/way_back.html", known | shown, status=status)


def _account(request: HttpRequest) -> Account:
    return cast("Account", request.user)
