"""What those see who organise an event or moderate it: how a room is kept, what waits, who may not write."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tertulia.kit.errors import Refusal
from tertulia.live import actions
from tertulia.live.forms import BanForm, MuteForm, RulesForm
from tertulia.live.models import Audience, Restriction, Room
from tertulia.live.queries import (
    Message,
    invitation_address,
    message_at,
    names_of,
    restrictions_of,
    room_called,
    waiting_talk,
)
from tertulia.live.rules import account_of, can_moderate
from tertulia.people.models import Account

View = Callable[..., HttpResponse]


def for_moderators(view: View) -> View:
    """The view is given the room and who moderates it; 403 to anybody else, 410 once it is erased."""

    @never_cache
    @wraps(view)
    def asked(request: HttpRequest, public_id: str, **given: Any) -> HttpResponse:
        room = room_called(public_id)
        if room is None:
            raise Http404
        account = account_of(request.user)
        if account is None or not can_moderate(account, room):
            raise PermissionDenied
        if room.is_erased:
            return render(request, "live/erased.html", {"room": room, "event": room.event}, status=410)
        return view(request, room, account, **given)

    return asked


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def moderation(request: HttpRequest, room: Room, by: Account) -> HttpResponse:
    """How the room is kept, with a form that changes it; what waits for approval; who may not write or be there."""
    form = RulesForm(request.POST if request.method == "POST" else None, initial=RulesForm.held_by(room))
    if request.method != "POST":
        return _show(request, room, form)
    if not form.is_valid():
        return _show(request, room, form, 422)
    try:
        _keep(room, form, by)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show(request, room, form, 422)
    return _back(request, room, _("This holds from now on."))


@require_POST
@for_moderators
def renew(request: HttpRequest, room: Room, by: Account) -> HttpResponse:
    """Make the link that invites anew."""
    actions.renew_invitation(room, by)
    return _back(request, room, _("The link is new. The earlier ones open nothing any more."))


@require_POST
@for_moderators
def decide(request: HttpRequest, room: Room, by: Account, sequence: int) -> HttpResponse:
    """Publish what waits, or take it out."""
    approve = "approve" in request.POST
    return _done(
        request,
        room,
        lambda: actions.decide_waiting(room, sequence, approve=approve, by=by),
        _("It is published.") if approve else _("It is taken out."),
    )


@require_POST
@for_moderators
def lift(request: HttpRequest, room: Room, by: Account, number: int) -> HttpResponse:
    """End a restriction before its time."""
    restriction = restrictions_of(room).filter(pk=number).first() or Restriction(pk=number, event=room.event)
    return _done(request, room, lambda: actions.lift(room, restriction, by), _("It is lifted."))


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def remove(request: HttpRequest, room: Room, by: Account, sequence: int) -> HttpResponse:
    """Ask whether a message is to be taken out, and do it."""
    message = _message_or_404(room, sequence)
    if request.method != "POST":
        return _ask(request, room, message, "remove")
    return _done(request, room, lambda: actions.remove_message(room, sequence, by), _("The message is removed."))


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def mute(request: HttpRequest, room: Room, by: Account, sequence: int) -> HttpResponse:
    """Ask for how long the author of a message may only read, and see to it."""
    message, form = _message_or_404(room, sequence), MuteForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, room, message, "mute", form)
    minutes = form.minutes()
    return _done(request, room, lambda: actions.mute(room, message.author, minutes, by), _("They may only read now."))


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def ban(request: HttpRequest, room: Room, by: Account, sequence: int) -> HttpResponse:
    """Ask for how long the author of a message is to leave all rooms of the event, and see to it."""
    message, form = _message_or_404(room, sequence), BanForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, room, message, "ban", form)
    minutes = form.until()
    return _done(request, room, lambda: actions.ban(room, message.author, minutes, by), _("They were asked to leave."))


def _keep(room: Room, form: RulesForm, by: Account) -> None:
    given = form.cleaned_data
    if form.changes_rules():
        actions.set_rules(room, **form.rules(), by=by)
    if given["is_open"] != room.is_open:
        (actions.open_room if given["is_open"] else actions.close_room)(room, by)
    if given["audience"] != room.audience:
        actions.set_audience(room, Audience(given["audience"]), by)


def _show(request: HttpRequest, room: Room, form: RulesForm, status: int = 200) -> HttpResponse:
    names = names_of(room)
    told = {
        "room": room,
        "event": room.event,
        "form": form,
        "zone": getattr(request, "zone", None) or room.event.zone,
        "waiting": waiting_talk(room),
        "restrictions": [(one, names.get(one.author, "")) for one in restrictions_of(room)],
        "invitation": invitation_address(room) if room.audience == Audience.INVITED else "",
    }
    return render(request, "live/moderation.html", told, status=status)


def _ask(
    request: HttpRequest, room: Room, message: Message, act: str, form: MuteForm | BanForm | None = None
) -> HttpResponse:
    told = {"room": room, "event": room.event, "message": message, "act": act, "form": form}
    told["zone"] = getattr(request, "zone", None) or room.event.zone
    return render(request, "live/moderate.html", told, status=422 if request.method == "POST" else 200)


def _done(request: HttpRequest, room: Room, do: Callable[[], object], sentence: str) -> HttpResponse:
    try:
        do()
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("live:moderation", room.public_id)
    return _back(request, room, sentence)


def _back(request: HttpRequest, room: Room, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("live:moderation", room.public_id)


def _message_or_404(room: Room, sequence: int) -> Message:
    message = message_at(room, sequence)
    if message is None:
        raise Http404
    return message
