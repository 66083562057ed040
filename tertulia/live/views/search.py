"""What is found in a room while its talk lasts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tertulia.kit.gates import EVERYBODY
from tertulia.kit.limits import Limit
from tertulia.live.forms import SearchForm
from tertulia.live.models import Room
from tertulia.live.queries import Message, search_talk
from tertulia.live.views.room import guest_at, turned_away, zone_of

# Each search opens the sealed talk and reads it: so many in a minute from one network, and in all.
SEARCHES = Limit(most=20, seconds=60)
ALL_SEARCHES = Limit(most=120, seconds=60, places=1)


@never_cache
@require_GET
def search(request: HttpRequest, public_id: str) -> HttpResponse:
    """The messages in which all words of `?q=` stand; whoever may not read the room stands at its door.

    429 while too many search at once.
    """
    guest = guest_at(request, public_id)
    if guest.room.is_erased or not guest.can_read:
        return turned_away(request, guest)
    form = SearchForm(request.GET if "q" in request.GET else None)
    found = _found(guest.room, form, request.META.get("REMOTE_ADDR", "")) if form.is_valid() else None
    told = {"room": guest.room, "event": guest.room.event, "form": form, "found": found}
    status = 429 if found is None and form.is_bound else 200
    return render(request, "live/search.html", told | {"zone": zone_of(request, guest)}, status=status)


def _found(room: Room, form: SearchForm, address: str) -> list[Message] | None:
    if SEARCHES.is_reached(address) or ALL_SEARCHES.is_reached(EVERYBODY):
        form.add_error("q", _("Many people are searching at this moment. Wait a minute and try again."))
        return None
    SEARCHES.count(address)
    ALL_SEARCHES.count(EVERYBODY)
    return search_talk(room, form.cleaned_data["q"])
