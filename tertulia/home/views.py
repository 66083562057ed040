"""What looks across all parts: what is known about people, the word to search engines, and the front page's picture."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_safe

from tertulia.design.pictures import answer_with
from tertulia.home.models import HomePage
from tertulia.home.queries import days_in_copies, front_share
from tertulia.live.models import Room
from tertulia.people.rules import IDLE_MINUTES, STAY_DAYS
from tertulia.programme.models import Participation
from tertulia.programme.queries.events import events_shown

# Of these the page of what is known leads to the days on which all of it goes: what is on, what comes, the latest.
MOST_EVENTS = 5


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is asked, never known, seen and kept, what can be taken back, and what cannot be promised."""
    kept = {"name_days": Participation.retention.days, "talk_days": Room.retention.days}
    kept |= {"idle_minutes": IDLE_MINUTES, "stay_days": STAY_DAYS}
    copies = days_in_copies()
    kept["copy_days"] = copies["names_in_copies"] - kept["name_days"]
    kept["word_days"] = copies["talk_in_copies"] - kept["talk_days"]
    events = events_shown(get_language() or "en")[:MOST_EVENTS]
    return render(request, "home/privacy.html", {**kept, "events": events})


@require_GET
def robots(_request: HttpRequest) -> HttpResponse:
    """Everything may be found, except the staff's screens and the live rooms."""
    languages = ["", *(f"/{code}" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)]
    closed = ["/staff/", *(f"{language}/live/" for language in languages)]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def front_card(_request: HttpRequest, name: str) -> HttpResponse:
    """The picture that other places show beside the address of the front page."""
    share = front_share(get_object_or_404(HomePage.objects.live()), get_language() or "en")
    return answer_with(share.card, "front", name, share.picture)
