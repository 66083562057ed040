"""The ways into a room whose door needs a pass: a link that invites, and one's word that one is of the community."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tertulia.live.actions.door import give_pass
from tertulia.live.models import Audience, Room
from tertulia.live.queries import is_invitation, room_called


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """A link that invites into the room: opening it changes nothing, its button gives the pass; 410 if it is void."""
    room = _room_or_404(public_id)
    if room.is_erased or room.audience != Audience.INVITED or not is_invitation(room, token):
        return render(request, "live/invited.html", {"room": room, "is_void": True}, status=410)
    if request.method != "POST":
        return render(request, "live/invited.html", {"room": room})
    return _let_in(room)


@never_cache
@require_POST
def one_of_us(_request: HttpRequest, public_id: str) -> HttpResponse:
    """Somebody says that they are of the community, and is believed; nothing of it is kept."""
    room = _room_or_404(public_id)
    if room.audience != Audience.COMMUNITY:
        return redirect("live:room", public_id)
    return _let_in(room)


def _room_or_404(public_id: str) -> Room:
    room = room_called(public_id)
    if room is None:
        raise Http404
    return room


def _let_in(room: Room) -> HttpResponse:
    response = redirect("live:room", room.public_id)
    give_pass(response, room)
    return response
