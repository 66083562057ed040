"""Everything that is held about who asks, to read and to take along; and what lies in their inbox."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from tertulia.kit.errors import Gone
from tertulia.people import actions, rules
from tertulia.people.models import Account
from tertulia.people.queries.consent import standings_of
from tertulia.people.queries.held import as_export, everything_held
from tertulia.people.queries.notice import notices_of
from tertulia.people.views.door import about_a_person, account_of

FILE = "what-we-know.json"


@about_a_person
@require_GET
@login_required(login_url="people:come_back")
def what_we_know(request: HttpRequest) -> HttpResponse:
    """Everything held: what, why, until when, and how it is taken back."""
    account = account_of(request)
    shown = {
        "sections": everything_held(account),
        "asked": standings_of(account),
        "can_agree": rules.can_be_person(account),
        "can_be_deleted": rules.can_be_deleted(account),
    }
    return render(request, "people/what_we_know.html", shown)


@about_a_person
@require_GET
@login_required(login_url="people:come_back")
def what_we_know_file(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    written = JsonResponse(as_export(account_of(request)), json_dumps_params={"indent": 2, "ensure_ascii": False})
    written["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return written


@about_a_person
@require_GET
@login_required(login_url="people:come_back")
def notices(request: HttpRequest) -> HttpResponse:
    """The inbox."""
    return render(request, "people/notices.html", {"notices": notices_of(account_of(request))})


@about_a_person
@require_POST
@login_required(login_url="people:come_back")
def read_notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """It was read."""
    return _done(request, actions.read_notice, public_id)


@about_a_person
@require_POST
@login_required(login_url="people:come_back")
def delete_notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """It goes."""
    return _done(request, actions.delete_notice, public_id)


def _done(request: HttpRequest, action: Callable[[Account, str], None], public_id: str) -> HttpResponse:
    try:
        action(account_of(request), public_id)
    except Gone as refusal:
        raise Http404 from refusal
    return redirect("people:notices")
