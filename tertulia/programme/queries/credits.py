"""Whom an event credits, for who cares for them: as keys, and as an export with what each agreed to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Min, Prefetch, Q
from django.utils.formats import date_format
from django.utils.translation import get_language

from tertulia.people.models import Consent, Person
from tertulia.people.queries.consent import Standing, named, standings
from tertulia.people.rules import Visitor
from tertulia.programme.models import Credit, Event, FormerCredit, Session, Withheld
from tertulia.programme.queries.participation import text_of
from tertulia.programme.queries.texts import in_language, original
from tertulia.programme.rules import credits_exported_by


def credited_by(slug: str) -> Any:
    """The keys of the persons whom the event at `slug` credits, credited before, or leaves out: a query.

    Empty: whom any event does. Who only agreed to something at their own place is in none.
    """
    events = Event.objects.filter(slug=slug) if slug else Event.objects.all()
    now, before = (model.objects.filter(session__event__in=events).values("person") for model in (Credit, FormerCredit))
    left_out = Withheld.objects.filter(event__in=events).values("person")
    return Person.objects.filter(Q(pk__in=now) | Q(pk__in=before) | Q(pk__in=left_out)).order_by().values("pk")


def credited_for(persons: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """By key, for each of the `persons` (keys): the first session that credits them, its event and the month of it.

    In the language of the page. Who took their name back is not in it.
    """
    parts = Credit.objects.filter(person__in=list(persons)).exclude(person__name="")
    parts = parts.select_related("session__event").prefetch_related("session__texts", "session__event__texts")
    parts = parts.annotate(begins=Min("session__slots__starts_at"))
    # Backwards, so that the first is said last and stays.
    return {credit.person_id: _words(credit.session) for credit in parts.order_by("-begins", "-session__slug")}


def credits_choices(visitor: Visitor) -> list[tuple[str, str]]:
    """The events, by address and title, whose credits the visitor can ask to export."""
    events, may = Event.objects.prefetch_related("texts").order_by("-starts_on", "slug"), credits_exported_by(visitor)
    return [(one.slug, original(one.texts.all()).title) for one in events if may(one.slug)]


def credits_rows(slug: str) -> list[dict[str, str]]:
    """Each person whom the event at `slug` may name, with the sessions and what they agreed to, by name.

    Who took their name back is left out.
    """
    parts = Credit.objects.filter(session__event__slug=slug).select_related("session")
    persons = Person.objects.filter(pk__in=parts.values("person")).filter(_nameable())
    ledger = Prefetch("consents", Consent.objects.select_related("text").order_by("given", "pk"))
    found = persons.prefetch_related(ledger, Prefetch("credits", parts.prefetch_related("session__texts")))
    return [_row(person) for person in found.order_by("name", "pk")]


def _words(session: Session) -> tuple[str, ...]:
    event, language = session.event, get_language() or session.event.language
    title = in_language(session.texts.all(), language).title
    return title, text_of(event).title, date_format(event.starts_on, "YEAR_MONTH_FORMAT")


def _nameable() -> Q:
    return named("pk") & ~Q(name="")


def _row(person: Person) -> dict[str, str]:
    titles = [original(credit.session.texts.all()).title for credit in person.credits.all()]
    agreed = {str(one.purpose): _said(one) for one in standings(person)}
    return {"name": person.name, "sessions": "; ".join(titles), **agreed}


def _said(standing: Standing) -> str:
    """`no`, `by the programme`, or since which month, to which text, and until when."""
    if standing.on_word:
        return "by the programme"
    consent = standing.consent
    if consent is None or consent.given is None or consent.text is None:
        return "no"
    until = f" until {consent.until:%Y-%m-%d}" if consent.until else ""
    return f"since {consent.given:%Y-%m}, text {consent.text.version} {consent.text.language}{until}"
