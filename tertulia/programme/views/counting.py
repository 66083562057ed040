"""Where people join from: the question, and the rounded answer for everybody."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from tertulia.kit.errors import Refusal
from tertulia.programme.actions.counting import say_where_from
from tertulia.programme.forms.counting import WhereFromForm
from tertulia.programme.models import Event, Participation
from tertulia.programme.queries import counting
from tertulia.programme.queries.participation import participation_here, text_of
from tertulia.programme.views.events import asked_language, event_or_404


@cache_control(no_store=True, private=True)
@require_http_methods(["GET", "HEAD", "POST"])
def where_from(request: HttpRequest, slug: str) -> HttpResponse:
    """Say where one joins from, once and only if one likes; for who is in."""
    event = get_object_or_404(Event, slug=slug)
    if event.closed_on is not None:
        return render(request, "programme/closed.html", {"event": event, "text": text_of(event)}, status=410)
    participation = participation_here(request, event)
    if participation is None:
        return redirect("programme:join", slug=slug)
    form = WhereFromForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _count(request, participation, form.cleaned_data["country"])
    shown = {"event": event, "text": text_of(event), "form": form, "may": counting.may_say_where_from(participation)}
    return render(request, "programme/where_from.html", shown, status=422 if form.errors else 200)


@require_safe
def who_came(request: HttpRequest, slug: str) -> HttpResponse:
    """Who came, in rounded numbers, as soon as they are released."""
    shown = event_or_404(slug)
    given = {"shown": shown, "event": shown.event, "who_came": counting.who_came(shown.event, asked_language())}
    return render(request, "programme/who_came.html", given | {"groups": counting.groups_that_came(shown.event)})


def _count(request: HttpRequest, participation: Participation, country: str) -> HttpResponse:
    """Count a country; who would rather not say leaves nothing, not even that."""
    if country:
        try:
            say_where_from(participation, country)
            messages.success(request, _("Thank you. It is counted, and nobody can tell which answer was yours."))
        except Refusal as refusal:
            messages.info(request, str(refusal))
    return redirect("programme:event", slug=participation.event.slug)
