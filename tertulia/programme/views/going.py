"""What goes when: told to everybody, for each event."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tertulia.programme.queries import going
from tertulia.programme.views.events import event_or_404


@require_safe
def what_goes_when(request: HttpRequest, slug: str) -> HttpResponse:
    """What is kept because of the event, when it goes, and what went already."""
    shown = event_or_404(slug)
    goings = going.goings_of(shown.event)
    given = {"shown": shown, "event": shown.event, "closes": going.closes_by_itself(shown.event)}
    given["dated"] = [one for one in goings if one.days is not None]
    given["others"] = [one for one in goings if one.days is None]
    return render(request, "programme/what_goes_when.html", given)


@require_safe
def what_goes_when_file(_request: HttpRequest, slug: str) -> HttpResponse:
    """The same for other programs."""
    return JsonResponse(going.as_file(event_or_404(slug).event), json_dumps_params={"indent": 2, "ensure_ascii": False})
