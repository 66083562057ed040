"""One message of a room, with what can be done about it: the way for pages without JavaScript."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tertulia.live.actions import edit_message, remove_own_message, say
from tertulia.live.forms import AboutForm, DeleteForm, EditForm, ReplyForm
from tertulia.live.queries import Message, message_at
from tertulia.live.views.room import Guest, back_to_the_talk, carried_out, guest_at, turned_away, zone_of

FORMS: dict[str, type[AboutForm]] = {"reply": ReplyForm, "edit": EditForm, "delete": DeleteForm}


@never_cache
@require_http_methods(["GET", "POST"])
def message(request: HttpRequest, public_id: str, sequence: int) -> HttpResponse:
    """A message with forms to answer it, and for its author to edit and to delete it; `?delete` asks first.

    404 if it is not there any more; whoever may not read the room stands at its door.
    """
    guest = guest_at(request, public_id)
    if guest.room.is_erased or not guest.can_read:
        return turned_away(request, guest)
    found = message_at(guest.room, sequence)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _act(request, guest, found)
    act = "delete" if "delete" in request.GET else ""
    return _show(request, guest, found, {name: form(found, act=name) for name, form in FORMS.items()}, asking=act)


def _act(request: HttpRequest, guest: Guest, found: Message) -> HttpResponse:
    act = request.POST.get("act", "")
    if act not in _allowed(guest, found):
        raise PermissionDenied
    forms = {name: form(found, request.POST if name == act else None, act=name) for name, form in FORMS.items()}
    form = forms[act]
    done = carried_out(form, lambda: _carry_out(act, guest, found, form)) if form.is_valid() else None
    if done is None:
        return _show(request, guest, found, forms, asking=act if act == "delete" else "", status=422)
    if act == "delete":
        messages.success(request, _("Your message is deleted."))
    return back_to_the_talk(request, guest, done)


def _carry_out(act: str, guest: Guest, found: Message, form: AboutForm) -> int:
    given = form.cleaned_data
    where = (guest.room, guest.participation, given["client_id"])
    if act == "reply":
        return say(*where, given["text"], reply=found.sequence)
    if act == "edit":
        return edit_message(*where, found.sequence, given["text"])
    return remove_own_message(*where, found.sequence)


def _allowed(guest: Guest, found: Message) -> set[str]:
    """What the guest may do with the message."""
    if found.author != guest.author:
        return {"reply"} if guest.can_speak else set()
    if not guest.can_speak:
        return {"delete"}
    # While a moderator reads first, what stands there is not edited.
    return {"reply", "delete"} if guest.room.is_held else {"reply", "edit", "delete"}


def _show(
    request: HttpRequest,
    guest: Guest,
    found: Message,
    forms: dict[str, AboutForm],
    *,
    asking: str,
    status: int = 200,
) -> HttpResponse:
    told: dict[str, Any] = {"room": guest.room, "event": guest.room.event, "message": found, "author": guest.author}
    told |= {"forms": forms, "allowed": _allowed(guest, found), "zone": zone_of(request, guest)}
    told["moderates"] = guest.moderates
    told["is_asked"] = asking in told["allowed"]
    return render(request, "live/message.html", told, status=status)
