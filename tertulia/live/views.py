"""Pages of rooms."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from tertulia.design.sky import constellation, hue
from tertulia.kit.errors import Gone, Invalid, NotAllowed, TooFast
from tertulia.kit.origin import is_from_a_page_of_ours, why_refused
from tertulia.live.actions import say
from tertulia.live.forms import SayForm
from tertulia.live.models import Room
from tertulia.live.queries import author_of, latest_talk, on_at, room_called, stream_path, ticket_for
from tertulia.live.relay.entries import TEXT_LENGTH
from tertulia.live.relay.tickets import COOKIE, MINUTES
from tertulia.live.rules import account_of, can_read, can_speak
from tertulia.programme.models import Participation
from tertulia.programme.queries.participation import participation_of

A_DAY = 86_400


# The form's token goes with the session; what was written is given back all the same.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def room(request: HttpRequest, public_id: str) -> HttpResponse:
    """The room: what was said, a writing box, a stream; a POST is a message from a page without JavaScript.

    Who may not read it stands at its door, which says how one comes in; so does who may not write any more, with
    what was written, to be copied. A form from before one came back in is shown again. 410 once it is all erased.
    """
    place, participation = _found(request, public_id)
    if place.is_erased:
        return render(request, "live/erased.html", {"room": place, "event": place.event}, status=410)
    if not can_read(place, participation) or (request.method == "POST" and not can_speak(place, participation)):
        return _door(request, place, participation)
    return _inside(request, place, participation)


def _inside(request: HttpRequest, place: Room, participation: Participation | None) -> HttpResponse:
    form = SayForm(request.POST if request.method == "POST" else None)
    refused = why_refused(request)
    if refused and not is_from_a_page_of_ours(request):
        return csrf_failure(request, refused)
    if refused:
        form.refuse(_("You came back in meanwhile, so this was not sent. It is still here: press “Send” once more."))
    elif request.method == "POST" and _said(form, place, participation):
        return redirect(reverse("live:room", args=[place.public_id]) + "#end")
    context = _context(place, participation, form) | {"zone": getattr(request, "zone", None) or place.event.zone}
    status = 403 if refused else 422 if form.errors else 200
    return _with_ticket(render(request, "live/room.html", context, status=status), place, participation)


@never_cache
@require_GET
def ticket(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new ticket for the stream, before the old one expires; 410 once the talk has been erased."""
    place, participation = _found(request, public_id)
    if place.is_erased:
        return HttpResponse(status=410)
    if not can_read(place, participation):
        raise PermissionDenied
    return _with_ticket(HttpResponse(status=204), place, participation)


@cache_control(private=True, max_age=A_DAY)
@require_GET
def avatar(request: HttpRequest, author: str) -> HttpResponse:
    """The drawing of an author: the same digits always give the same one.

    Kept by the browser for a day and no longer: its address there says in whose company one was.
    """
    drawing = {"sky": constellation(author, 4, 40, 40), "hue": hue(author)}
    return render(request, "live/avatar.svg", drawing, content_type="image/svg+xml")


def _door(request: HttpRequest, place: Room, participation: Participation | None) -> HttpResponse:
    """The way in, and what could not be said any more; not a text that another site sends."""
    unsent = request.POST.get("text", "").strip() if is_from_a_page_of_ours(request) else ""
    given = {"room": place, "event": place.event, "unsent": unsent, "is_in": participation is not None}
    return render(request, "live/door.html", given, status=403)


def _found(request: HttpRequest, public_id: str) -> tuple[Room, Participation | None]:
    place = room_called(public_id)
    if place is None:
        raise Http404
    account = account_of(request.user)
    participation = participation_of(account, place.event) if account else None
    return place, participation


def _said(form: SayForm, place: Room, participation: Participation | None) -> bool:
    if not form.is_valid():
        return False
    try:
        say(place, participation, **form.said())
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except Invalid as refusal:
        form.refuse(refusal.why, refusal.where)
    except (TooFast, Gone) as refusal:
        form.refuse(str(refusal))
    return not form.errors


def _context(place: Room, participation: Participation | None, form: SayForm) -> dict[str, Any]:
    now, following = on_at(place, timezone.now(), get_language() or place.event.language)
    return {
        "room": place,
        "event": place.event,
        "talk": latest_talk(place),
        "participation": participation,
        "author": author_of(participation) if participation else "",
        "can_speak": can_speak(place, participation),
        "form": form,
        "now": now,
        "following": following,
        "days_kept": Room.retention.days,
        "most": TEXT_LENGTH,
    }


def _with_ticket(response: HttpResponse, place: Room, participation: Participation | None) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        ticket_for(place, participation),
        max_age=MINUTES * 60,
        path=stream_path(place.public_id),
        secure=settings.SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response
