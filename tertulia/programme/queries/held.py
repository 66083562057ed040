"""What the programme holds about an account, and what a claimed credit stands for."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tertulia.kit.held import Held, Section
from tertulia.people.models import Account, Person, Purpose
from tertulia.programme.models import Credit, Event, EventText, FormerCredit, Participation, SessionText, Withheld
from tertulia.programme.queries.participation import text_of
from tertulia.programme.queries.texts import in_language

AnyCredit = TypeVar("AnyCredit", Credit, FormerCredit)


def names_held(account: Account) -> Section | None:
    """The names one chose at events, until they go; None without any."""
    found = account.participations.select_related("event").prefetch_related("event__texts")
    rows = [_name(participation) for participation in found.order_by("-event__starts_on", "pk")]
    return Section("events", _("Where you are in"), tuple(rows)) if rows else None


def answers_held(account: Account) -> Section | None:
    """That the account answered what is counted without names: which question, of which event; None if it did not."""
    given = list(account.answered.order_by("scope", "question").values_list("scope", "question"))
    events = Event.objects.filter(slug__in={scope for scope, _question in given}).prefetch_related("texts")
    titles = {event.slug: text_of(event).title for event in events}
    rows = [_answered(titles.get(scope, scope), question) for scope, question in given]
    return Section("answers", _("Counted without your name"), tuple(rows)) if rows else None


def _answered(title: str, question: str) -> Held:
    asked = {"country": _("where you join from"), "group": _("how many share your screen")}
    return Held(
        "answered",
        _("That you answered a question that is counted without names"),
        f"{title}: {asked.get(question, question)}",
        _("So that nobody is counted twice. What you answered is not kept with you."),
        _("When the event is closed and the figures are out."),
    )


def credits_held(account: Account) -> Section | None:
    """Which sessions credit or credited the persons of the account, which events leave them out; None without any.

    And how many marks there are of the names they had.
    """
    rows = [_credit(credit) for credit in _credits(Credit, person__account=account)]
    rows += [_former(credit) for credit in _credits(FormerCredit, person__account=account)]
    found = Withheld.objects.filter(person__account=account).select_related("event").prefetch_related("event__texts")
    rows += [_withheld(row) for row in found.order_by("pk")]
    marked = Event.objects.filter(name_marks__person__account=account).annotate(marks=Count("name_marks"))
    rows += [_marked(event) for event in marked.prefetch_related("texts").order_by("pk")]
    return Section("credits", _("Where you are credited"), tuple(rows)) if rows else None


def credits_region(person: Person, _request: HttpRequest) -> dict[str, Any] | None:
    """For the page of a claim link: what the person is credited for; None for nothing."""
    found = [_worded(credit) for credit in _credits(Credit, person=person)]
    return {"credits": found} if found else None


def ways_in_region(person: Person, _request: HttpRequest) -> dict[str, Any] | None:
    """For who opened a claim link and is not in: the events that credit the person and let people in; None for none."""
    found = Event.objects.filter(sessions__credits__person=person, closed_on=None).distinct()
    events = [text_of(event) for event in found.prefetch_related("texts").order_by("starts_on", "pk")]
    return {"events": events} if events else None


def _credits(model: type[AnyCredit], **whose: Any) -> list[AnyCredit]:
    found = model.objects.filter(**whose).select_related("session__event", "person")
    return list(found.prefetch_related("session__texts", "session__event__texts").order_by("pk"))


def _worded(credit: Credit | FormerCredit) -> tuple[SessionText, EventText]:
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
    value, ends = f"{text.title} · {event.title}", _("When you take your name back, it says no name.")
    way = reverse("people:take_back", args=[credit.person.public_id, Purpose.NAMED]) if credit.person.name else ""
    return Held("credit", _("A session that credits you"), value, why, ends, way, _("Take your name back"))


def _former(credit: FormerCredit) -> Held:
    text, event = _worded(credit)
    why = _("When you take your name back, it is looked for in the words of this session, too.")
    ends = _("When the session goes, or nothing credits you any more.")
    return Held("former_credit", _("A session that credited you before"), f"{text.title} · {event.title}", why, ends)


def _marked(event: Event) -> Held:
    return Held(
        "name_marks",
        _("Marks of the names under which “%(event)s” credited you before") % {"event": text_of(event).title},
        str(event.marks),  # type: ignore[attr-defined]  # the query adds it
        _("A file or a text that still says such a name is known to speak of you. A mark cannot be read."),
        _("When nothing credits you any more."),
    )


def _withheld(row: Withheld) -> Held:
    return Held(
        "withheld",
        _("That an event does not name you any more"),
        text_of(row.event).title,
        _("So that a later file does not bring your name back."),
        _("When you agree to being named again."),
        act=_("Agree to being named again."),
    )
