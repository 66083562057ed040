"""Pages of rooms."""

from __future__ import annotations

from collections.abc import Callable
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
from tertulia.kit.errors import Invalid, Refusal
from tertulia.kit.origin import is_from_a_page_of_ours, why_refused
from tertulia.live.actions import HELD, say
from tertulia.live.forms import SayForm, WordsForm
from tertulia.live.models import Restriction, RestrictionKind, Room, restriction_on
from tertulia.live.queries import author_of, has_pass, on_at, room_called, stream_path, ticket_for, waiting_talk
from tertulia.live.relay.entries import TEXT_LENGTH
from tertulia.live.relay.tickets import COOKIE, MINUTES
from tertulia.live.rules import account_of, can_moderate, can_read, can_speak
from tertulia.live.views.reading import Reading
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

    @cached_property
    def author(self) -> str:
        """The mark of what they write here; "" for who has not come in."""
        return author_of(self.participation) if self.participation else ""


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
    is_refused = not guest.can_read or (request.method == "POST" and not guest.can_speak)
    return turned_away(request, guest) if is_refused or guest.room.is_erased else _inside(request, guest)


def _inside(request: HttpRequest, guest: Guest) -> HttpResponse:
    form = SayForm(request.POST if request.method == "POST" else None)
    refused = why_refused(request)
    if refused and not is_from_a_page_of_ours(request):
        return csrf_failure(request, refused)
    if refused:
        form.refuse(_("You came back in meanwhile, so this was not sent. It is still here: press “Send” once more."))
    elif request.method == "POST" and form.is_valid():
        said = carried_out(form, lambda: say(guest.room, guest.participation, **form.said()))
        if said is not None:
            return back_to_the_talk(request, guest, said)
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


def turned_away(request: HttpRequest, guest: Guest) -> HttpResponse:
    """The way in, and what could not be said any more; not a text that another site sends. 410 once all is erased."""
    given: dict[str, Any] = {"room": guest.room, "event": guest.room.event}
    if guest.room.is_erased:
        return render(request, "live/erased.html", given, status=410)
    unsent = request.POST.get("text", "").strip() if is_from_a_page_of_ours(request) else ""
    given |= {
        "unsent": unsent,
        "is_in": guest.participation is not None,
        "may_read": guest.can_read,
        "moderates": guest.moderates,
        "ban": guest.restricted(RestrictionKind.BAN),
        "zone": zone_of(request, guest),
    }
    return render(request, "live/door.html", given, status=403)


def carried_out(form: WordsForm, act: Callable[[], int]) -> int | None:
    """What an action gives; None if it refuses, and then the form says why."""
    try:
        return act()
    except Invalid as refusal:
        form.refuse(refusal.why, refusal.where)
    except Refusal as refusal:
        form.refuse(str(refusal))
    return None


def back_to_the_talk(request: HttpRequest, guest: Guest, said: int) -> HttpResponse:
    """The room at its end, with a word that it waits if what was `said` is HELD."""
    query = Reading.asked(request).kept(is_held=said == HELD)
    return redirect(reverse("live:room", args=[guest.room.public_id]) + query + "#end")


def _context(request: HttpRequest, guest: Guest, form: SayForm) -> dict[str, Any]:
    place, reading = guest.room, Reading.asked(request)
    now, following = on_at(place, timezone.now(), get_language() or place.event.language)
    return {
        "room": place,
        "event": place.event,
        "talk": reading.talk(place),
        "reading": reading,
        "participation": guest.participation,
        "author": guest.author,
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
        "zone": zone_of(request, guest),
    }


def zone_of(request: HttpRequest, guest: Guest) -> Any:
    """The zone that the visitor chose, else that of the event."""
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
