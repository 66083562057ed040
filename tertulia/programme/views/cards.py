"""The pictures that other places show beside the address of an event or a session."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tertulia.design.pictures import answer_with
from tertulia.programme.models import Session
from tertulia.programme.queries.cards import event_share, session_share
from tertulia.programme.queries.sessions import session_shown
from tertulia.programme.views.events import asked_language, event_or_404


@require_safe
def event_card(_request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The card of an event; by an older name, the way to the newest."""
    shown = event_or_404(slug)
    share = event_share(shown, asked_language())
    return answer_with(share.card, f"event-{shown.event.pk}", name, share.picture)


@require_safe
def session_card(_request: HttpRequest, slug: str, session_slug: str, name: str) -> HttpResponse:
    """The card of a session; 410 if it has been withdrawn."""
    shown = event_or_404(slug)
    found = session_shown(shown.event, session_slug, asked_language())
    if found is None:
        raise Http404
    if found.session.state == Session.State.WITHDRAWN:
        return HttpResponse(status=410)
    share = session_share(shown, found, asked_language())
    return answer_with(share.card, f"session-{found.session.pk}", name, share.picture)
