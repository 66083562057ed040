"""What is held of the persons of an account: their names, what they agreed to, and the notices to them."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from tertulia.kit.held import Held, Section
from tertulia.kit.languages import language_name
from tertulia.people.models import Account, Consent, Person, Purpose
from tertulia.people.queries.consent import Standing, persons_of, standings
from tertulia.people.queries.held import month, written
from tertulia.people.queries.notice import Told, notices_of


def persons_held(account: Account) -> Section | None:
    """The persons that the account claimed, and what it agreed to; None without any."""
    rows = [row for person in persons_of(account) for row in _person(person)]
    return Section("person", _("What you agreed to"), tuple(rows)) if rows else None


def notices_held(account: Account) -> Section | None:
    """What lies in the inbox, notice by notice; None for nothing."""
    rows = [_notice(told) for told in notices_of(account)]
    return Section("notices", _("Notices"), tuple(rows)) if rows else None


def _person(person: Person) -> Iterable[Held]:
    for standing in standings(person):
        if standing.purpose == Purpose.NAMED and person.name:
            yield from _name(person, standing)
        elif standing.consent:
            yield _consent(person, standing.consent)
    for row in person.consents.all():
        if row.withdrawn:
            told = {"purpose": row.get_purpose_display(), "month": month(row.withdrawn)}
            value = _("%(purpose)s: ended in %(month)s") % told
            why = _("It says what may not be done any more.")
            back = (reverse("people:delete"), _("Delete my place"))
            yield Held("ended", _("What you no longer agree to"), value, why, _("When you delete your place."), *back)


def _name(person: Person, standing: Standing) -> Iterable[Held]:
    consent = standing.consent
    if not standing.holds:
        return
    why = _("It is your credit. You agreed to it.") if consent else _("It is your credit. The organiser published it.")
    back = (_taking_back(person, Purpose.NAMED), _("Take your name back"))
    ends = _ends(consent)
    yield Held("credited_name", _("Your name as credited"), person.name, why, ends, *back, tells_who=True)
    if person.biography:
        yield Held("biography", _("What you say of yourself"), person.biography, why, ends, *back)
    if consent:
        yield _consent(person, consent)


def _consent(person: Person, consent: Consent) -> Held:
    """One that is open: it has its words and its month until it ends."""
    purpose, text = Purpose(consent.purpose), consent.text
    told = {
        "month": month(consent.given) if consent.given else "–",
        "version": str(text.version) if text else "",
        "language": language_name(text.language) if text else "",
    }
    why = _("You agreed to these words in %(month)s. They are version %(version)s, in this language: %(language)s.")
    back = (_taking_back(person, purpose), _("Take it back"))
    words = text.text if text else ""
    return Held(f"consent_{purpose}", str(purpose.label), words, why % told, _ends(consent), *back)


def _notice(told: Told) -> Held:
    month_of_it = {"month": month(told.notice.month)}
    read, unread = _("A notice of %(month)s, which you have read"), _("A notice of %(month)s, unread")
    return Held(
        "notice",
        (read if told.notice.is_read else unread) % month_of_it,
        told.sentence,
        _("You may read it when you come back."),
        _("When you delete it, or after a year."),
        reverse("people:notices"),
        _("Look at it"),
    )


def _ends(consent: Consent | None) -> str:
    return written(consent.until) if consent and consent.until else _("When you take it back.")


def _taking_back(person: Person, purpose: Purpose) -> str:
    return reverse("people:take_back", args=[person.public_id, purpose])
