"""The pictures that other places show beside the address of an event or a session."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tertulia.design.pictures import answer_with
from tertulia.design.share import Share
from tertulia.programme.models import Session
from tertulia.programme.queries.cards import event_share, session_share
from tertulia.programme.queries.sessions import session_shown
from tertulia.programme.views.events import asked_language, event_or_404


@require_safe
def event_card(_request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The card of an event; by an older name, the way to the newest."""
    shown, language = event_or_404(slug), asked_language()
    share = event_share(shown, language)
    owner = f"event-{shown.event.pk}"
    return answer_with(
        share.card, owner, name, share.picture, lambda: event_share(event_or_404(slug), language).card.name
    )


@require_safe
def session_card(_request: HttpRequest, slug: str, session_slug: str, name: str) -> HttpResponse:
    """The card of a session; 410 if it has been withdrawn."""
    found, share = _session(slug, session_slug)
    if found.state == Session.State.WITHDRAWN:
        return HttpResponse(status=410)
    owner = f"session-{found.pk}"
    return answer_with(share.card, owner, name, share.picture, lambda: _session(slug, session_slug)[1].card.name)


def _session(slug: str, session_slug: str) -> tuple[Session, Share]:
    shown, language = event_or_404(slug), asked_language()
    found = session_shown(shown.event, session_slug, language)
    if found is None:
        raise Http404
    return found.session, session_share(shown, found, language)
