"""The staff's door."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from tertulia.kit.errors import Gone, Invalid, NotAllowed
from tertulia.kit.origin import is_from_this_machine
from tertulia.people import actions, queries, rules
from tertulia.people.forms import StaffForm
from tertulia.people.queries.factor import setting_up
from tertulia.people.queries.passkey import are_offered
from tertulia.people.views.access import count_wrong, must_wait, wait
from tertulia.people.views.door import about_a_person, reads_or_posts, without_tickets
from tertulia.people.views.entering import to_the_screens


@about_a_person
@sensitive_post_parameters()
@reads_or_posts
def sign_in(request: HttpRequest) -> HttpResponse:
    """The staff's door: a passkey, or name, password and code; who was led here by a link sets one up first."""
    if rules.can_enter_staff_screens(request.user):
        return redirect("wagtailadmin_home")
    if setting_up(request):
        return redirect("people:factors")
    return _with_code(request) if request.method == "POST" else _ask(request, StaffForm())


@about_a_person
@require_GET
def lost_factor(request: HttpRequest) -> HttpResponse:
    """What to do without passkey, app and codes."""
    return render(request, "people/staff_lost.html")


def _with_code(request: HttpRequest) -> HttpResponse:
    address, form = request.META["REMOTE_ADDR"], StaffForm(request.POST)
    if must_wait(address):
        return wait(request)
    response = without_tickets(to_the_screens(request), request)
    try:
        if form.is_valid():
            actions.enter_with_code(request, **form.cleaned_data)
            return response
    except Invalid as refusal:
        count_wrong(address)
        form.add_error("code", refusal.why)
    return _ask(request, form, 422)


def _ask(request: HttpRequest, form: StaffForm, status: int = 200) -> HttpResponse:
    shown = {"form": form, "next": request.GET.get("next", ""), "has_passkeys": are_offered(request)}
    return render(request, "people/staff_door.html", shown, status=status)


# Signing in gives the form's token up: the second press of an impatient finger has an old one, and asks for nothing.
@csrf_exempt
@about_a_person
@reads_or_posts
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A link of staff: opening it changes nothing, its button uses it up; who came by it already goes on.

    One that does not open any more, or not from here, says so at once.
    """
    if queries.came_by_link(request, token):
        return redirect("people:sign_in")
    return _by_link(request, token)


@csrf_protect
def _by_link(request: HttpRequest, token: str) -> HttpResponse:
    is_here = is_from_this_machine(request)
    # Without the tickets of who is in as yet.
    response = without_tickets(redirect("people:sign_in"), request)
    try:
        if request.method != "POST":
            link = queries.sign_in_link(token, from_loopback=is_here)
            return render(request, "people/staff_link.html", {"link": link})
        actions.enter_by_link(request, token, from_loopback=is_here)
    except (Gone, NotAllowed) as refusal:
        status = 410 if isinstance(refusal, Gone) else 403
        return render(request, "people/staff_link_refused.html", {"why": str(refusal)}, status=status)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def to_staff_door(_request: HttpRequest) -> HttpResponse:
    """Where Wagtail's own sign-in form would be: ours asks for more than a password."""
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
