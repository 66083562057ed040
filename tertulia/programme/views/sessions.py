"""The page of a session, and that of a contributor."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tertulia.programme.models import Session
from tertulia.programme.queries.cards import session_share
from tertulia.programme.queries.programme import airings_credited_to
from tertulia.programme.queries.schedule import may_be_named
from tertulia.programme.queries.sessions import person_credited, session_shown
from tertulia.programme.views.events import asked_language, event_or_404


@require_safe
def session(request: HttpRequest, slug: str, session_slug: str) -> HttpResponse:
    """One session; 410 with a kind sentence if it has been withdrawn."""
    shown = event_or_404(slug)
    found = session_shown(shown.event, session_slug, asked_language())
    if found is None:
        raise Http404
    given = {"shown": shown, "event": shown.event, "found": found, "session": found.session}
    if found.session.state == Session.State.WITHDRAWN:
        return render(request, "programme/withdrawn.html", given, status=410)
    given["share"] = session_share(shown, found, asked_language())
    return render(request, "programme/session.html", given)


@require_safe
def contributor(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Somebody whom the event credits, and when they are on; 410 if they took their name back."""
    shown = event_or_404(slug)
    credit = person_credited(shown.event, public_id)
    if credit is None:
        raise Http404
    if not may_be_named(credit):
        return render(request, "programme/removed.html", {"event": shown.event}, status=410)
    airings = airings_credited_to(credit.person, shown.event, asked_language())
    given = {"shown": shown, "event": shown.event, "person": credit.person, "airings": airings}
    return render(request, "programme/contributor.html", given)
