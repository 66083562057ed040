"""Pages of rooms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
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
from tertulia.live.actions import HELD, say
from tertulia.live.forms import SayForm
from tertulia.live.models import Restriction, RestrictionKind, Room, restriction_on
from tertulia.live.queries import (
    author_of,
    has_pass,
    latest_talk,
    on_at,
    room_called,
    stream_path,
    ticket_for,
    waiting_talk,
)
from tertulia.live.relay.entries import TEXT_LENGTH
from tertulia.live.relay.tickets import COOKIE, MINUTES
from tertulia.live.rules import account_of, can_moderate, can_read, can_speak
from tertulia.programme.models import Participation
from tertulia.programme.queries.participation import participation_of

A_DAY = 86_400


@dataclass(frozen=True)
class Guest:
    """Who asks for a page of a room, and what they may do there."""

    room: Room
    participation: Participation | None
    moderates: bool
    has_pass: bool

    @cached_property
    def can_read(self) -> bool:
        """Whether the page of the room opens."""
        return can_read(self.room, self.participation, has_pass=self.has_pass, moderates=self.moderates)

    @cached_property
    def can_speak(self) -> bool:
        """Whether what they send is taken; that they may read comes first."""
        return can_speak(self.room, self.participation)

    def restricted(self, kind: RestrictionKind) -> Restriction | None:
        """What a moderator asked of them."""
        return restriction_on(self.room, self.participation, kind)


# The form's token goes with the session; what was written is given back all the same.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def room(request: HttpRequest, public_id: str) -> HttpResponse:
    """The room: what was said, a writing box, a stream; a POST is a message from a page without JavaScript.

    Who may not read it stands at its door, which says how one comes in; so does who may not write any more, with
    what was written, to be copied. A form from before one came back in is shown again. 410 once it is all erased.
    """
    guest = guest_at(request, public_id)
    if guest.room.is_erased:
        return render(request, "live/erased.html", {"room": guest.room, "event": guest.room.event}, status=410)
    if not guest.can_read or (request.method == "POST" and not guest.can_speak):
        return _door(request, guest)
    return _inside(request, guest)


def _inside(request: HttpRequest, guest: Guest) -> HttpResponse:
    form = SayForm(request.POST if request.method == "POST" else None)
    refused = why_refused(request)
    if refused and not is_from_a_page_of_ours(request):
        return csrf_failure(request, refused)
    if refused:
        form.refuse(_("You came back in meanwhile, so this was not sent. It is still here: press “Send” once more."))
    elif request.method == "POST" and (said := _said(form, guest)) is not None:
        return redirect(reverse("live:room", args=[guest.room.public_id]) + ("?held#end" if said == HELD else "#end"))
    status = 403 if refused else 422 if form.errors else 200
    return _with_ticket(render(request, "live/room.html", _context(request, guest, form), status=status), guest)


@never_cache
@require_GET
def ticket(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new ticket for the stream, before the old one expires; 410 once the talk has been erased."""
    guest = guest_at(request, public_id)
    if guest.room.is_erased:
        return HttpResponse(status=410)
    if not guest.can_read:
        raise PermissionDenied
    return _with_ticket(HttpResponse(status=204), guest)


@cache_control(private=True, max_age=A_DAY)
@require_GET
def avatar(request: HttpRequest, author: str) -> HttpResponse:
    """The drawing of an author: the same digits always give the same one.

    Kept by the browser for a day and no longer: its address there says in whose company one was.
    """
    drawing = {"sky": constellation(author, 4, 40, 40), "hue": hue(author)}
    return render(request, "live/avatar.svg", drawing, content_type="image/svg+xml")


def guest_at(request: HttpRequest, public_id: str) -> Guest:
    """Who asks for a page of the room with that public id; Http404 if there is no such room."""
    found = room_called(public_id)
    if found is None:
        raise Http404
    account = account_of(request.user)
    participation = participation_of(account, found.event) if account else None
    moderates = account is not None and participation is None and can_moderate(account, found)
    return Guest(found, participation, moderates, has_pass(request, found))


def _door(request: HttpRequest, guest: Guest) -> HttpResponse:
    """The way in, and what could not be said any more; not a text that another site sends."""
    unsent = request.POST.get("text", "").strip() if is_from_a_page_of_ours(request) else ""
    given = {
        "room": guest.room,
        "event": guest.room.event,
        "unsent": unsent,
        "is_in": guest.participation is not None,
        "may_read": guest.can_read,
        "moderates": guest.moderates,
        "ban": guest.restricted(RestrictionKind.BAN),
        "zone": _zone(request, guest),
    }
    return render(request, "live/door.html", given, status=403)


def _said(form: SayForm, guest: Guest) -> int | None:
    """What `say` answers; None if the form says why not."""
    if not form.is_valid():
        return None
    try:
        return say(guest.room, guest.participation, **form.said())
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except Invalid as refusal:
        form.refuse(refusal.why, refusal.where)
    except (TooFast, Gone) as refusal:
        form.refuse(str(refusal))
    return None


def _context(request: HttpRequest, guest: Guest, form: SayForm) -> dict[str, Any]:
    place, participation = guest.room, guest.participation
    now, following = on_at(place, timezone.now(), get_language() or place.event.language)
    return {
        "room": place,
        "event": place.event,
        "talk": latest_talk(place),
        "participation": participation,
        "author": author_of(participation) if participation else "",
        "can_speak": guest.can_speak,
        "muted": guest.restricted(RestrictionKind.MUTE),
        "moderates": guest.moderates,
        "is_held_back": "held" in request.GET,
        "waiting": len(waiting_talk(place)) if guest.moderates else 0,
        "form": form,
        "now": now,
        "following": following,
        "days_kept": Room.retention.days,
        "most": TEXT_LENGTH,
        "zone": _zone(request, guest),
    }


def _zone(request: HttpRequest, guest: Guest) -> Any:
    return getattr(request, "zone", None) or guest.room.event.zone


def _with_ticket(response: HttpResponse, guest: Guest) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        ticket_for(guest.room, guest.participation, moderates=guest.moderates),
        max_age=MINUTES * 60,
        path=stream_path(guest.room.public_id),
        secure=settings.SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response
