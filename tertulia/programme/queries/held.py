"""What the programme holds about an account, and what a claimed credit stands for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tertulia.kit.held import Held, Section
from tertulia.people.models import Account, Person
from tertulia.programme.models import Credit, EventText, Participation, SessionText, Withheld
from tertulia.programme.queries.participation import text_of
from tertulia.programme.queries.texts import in_language


def names_held(account: Account) -> Section | None:
    """The names one chose at events, until they go; None without any."""
    found = account.participations.select_related("event").prefetch_related("event__texts")
    rows = [_name(participation) for participation in found.order_by("-event__starts_on", "pk")]
    return Section("events", _("Where you are in"), tuple(rows)) if rows else None


def credits_held(account: Account) -> Section | None:
    """Which sessions credit the persons of the account, and which events leave them out; None without any."""
    rows = [_credit(credit) for credit in _credits(person__account=account)]
    found = Withheld.objects.filter(person__account=account).select_related("event").prefetch_related("event__texts")
    rows += [_withheld(row) for row in found.order_by("pk")]
    return Section("credits", _("Where you are credited"), tuple(rows)) if rows else None


def credits_region(person: Person, _request: HttpRequest) -> dict[str, Any] | None:
    """For the page of a claim link: what the person is credited for; None for nothing."""
    found = [_worded(credit) for credit in _credits(person=person)]
    return {"credits": found} if found else None


def _credits(**whose: Any) -> list[Credit]:
    found = Credit.objects.filter(**whose).select_related("session__event")
    return list(found.prefetch_related("session__texts", "session__event__texts").order_by("pk"))


def _worded(credit: Credit) -> tuple[SessionText, EventText]:
    language = get_language() or credit.session.event.language
    return in_language(credit.session.texts.all(), language), text_of(credit.session.event)


def _name(participation: Participation) -> Held:
    event = participation.event
    return Held(
        "chosen_name",
        _("The name you chose at “%(event)s”, and that you are in there") % {"event": text_of(event).title},
        participation.chosen_name,
        _("You talk under it."),
        _("30 days after the event is closed."),
        *(("", "") if event.closed_on else (reverse("programme:join", args=[event.slug]), _("Take another name"))),
        tells_who=True,
    )


def _credit(credit: Credit) -> Held:
    text, event = _worded(credit)
    why = _("The programme says who was on. Your name stands with the person, and nowhere else.")
    value = f"{text.title} · {event.title}"
    return Held(
        "credit", _("A session that credits you"), value, why, _("When you take your name back, it says no name.")
    )


def _withheld(row: Withheld) -> Held:
    return Held(
        "withheld",
        _("That an event does not name you any more"),
        text_of(row.event).title,
        _("A mark made from the name, so that a later file does not bring it back. It cannot be read."),
        _("When you agree to being named again."),
    )
