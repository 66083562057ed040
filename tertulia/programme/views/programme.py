"""The programme of an event: as a page, and for other programs."""

from __future__ import annotations

import hashlib
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from tertulia.programme.formats import schedule_json
from tertulia.programme.queries.cards import programme_share
from tertulia.programme.queries.programme import programme_of
from tertulia.programme.queries.schedule import schedule_of
from tertulia.programme.views.events import asked_language, event_or_404


@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """All airings by day; `track` and `type` in the address narrow it."""
    shown = event_or_404(slug)
    narrowed = (request.GET.get("track", ""), request.GET.get("type", ""))
    found = programme_of(shown.event, asked_language(), *narrowed)
    given = {"shown": shown, "event": shown.event, "programme": found}
    given["today"] = timezone.localdate(timezone=ZoneInfo(shown.event.zone))
    given["share"] = programme_share(shown, asked_language())
    return render(request, "programme/programme.html", given)


@require_safe
def programme_json(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The schedule.json of the event; 304 to who has it already."""
    event = event_or_404(slug).event
    body = schedule_json.render(schedule_of(event), settings.ADDRESS + reverse("programme:event", args=[slug]))
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    # No day of the last change: a name that was taken back would hide behind it, or it would tell when that was.
    response = HttpResponse(body, content_type="application/json", headers={"ETag": etag})
    return get_conditional_response(request, etag, response=response) or response
