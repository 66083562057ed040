"""The list of events, and the front of each."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tertulia.design.queries import regions_shown
from tertulia.programme.queries.cards import event_share
from tertulia.programme.queries.counting import may_say_where_from
from tertulia.programme.queries.events import Shown, event_shown, events_shown
from tertulia.programme.queries.participation import participation_here
from tertulia.programme.queries.programme import next_airings, themes_of


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Everything that is on, comes, or was."""
    return render(request, "programme/events.html", {"events": events_shown(asked_language())})


@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """An event's front page; for who is in, with the way into its rooms, and kept by nobody."""
    shown = event_or_404(slug)
    given: dict[str, Any] = {"shown": shown, "event": shown.event, "themes": themes_of(shown.event)}
    given["airings"] = next_airings(shown.event, asked_language())
    given["share"] = event_share(shown, asked_language())
    given["participation"] = participation_here(request, shown.event)
    given["may_say_where_from"] = given["participation"] and may_say_where_from(given["participation"])
    given["offered"] = regions_shown("event", shown.event, request)
    response = render(request, "programme/event.html", given)
    if given["participation"]:
        patch_cache_control(response, private=True, no_store=True)
    return response


def event_or_404(slug: str) -> Shown:
    """The event at that address; Http404 if there is none."""
    shown = event_shown(slug, asked_language())
    if shown is None:
        raise Http404
    return shown


def asked_language() -> str:
    """The language of the page."""
    return get_language() or "en"
