"""The staff's door."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from tertulia.kit.errors import Gone, NotAllowed
from tertulia.kit.origin import is_from_this_machine
from tertulia.people import actions, queries, rules
from tertulia.people.views.door import about_a_person, reads_or_posts, without_tickets


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
    """A sign-in link: opening it changes nothing, its button uses it up; who is in by it already goes on.

    One that does not open any more, or not from here, says so at once.
    """
    if queries.came_by_link(request, token):
        return redirect("wagtailadmin_home")
    return _by_link(request, token)


@csrf_protect
def _by_link(request: HttpRequest, token: str) -> HttpResponse:
    is_here = is_from_this_machine(request)
    # Without the tickets of who is in as yet.
    response = without_tickets(redirect("wagtailadmin_home"), request)
    try:
        if request.method != "POST":
            queries.sign_in_link(token, from_loopback=is_here)
            return render(request, "people/staff_link.html")
        actions.enter_by_link(request, token, from_loopback=is_here)
    except (Gone, NotAllowed) as refusal:
        status = 410 if isinstance(refusal, Gone) else 403
        return render(request, "people/staff_link_refused.html", {"why": str(refusal)}, status=status)
    return response


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
