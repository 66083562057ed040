"""Agreeing to something, taking it back, and the end of what was given for a time."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tertulia.kit.errors import Invalid, NotAllowed, Overtaken
from tertulia.kit.facts import announce
from tertulia.kit.registry import consent_ends
from tertulia.kit.tasks import enqueue
from tertulia.people.actions.notice import notify
from tertulia.people.facts import ConsentGiven, ConsentWithdrawn
from tertulia.people.models import Account, Consent, ConsentText, Person, Purpose
from tertulia.people.queries.consent import (
    ON_WORD,
    Wording,
    is_taken_back,
    name_on_list,
    open_consent,
    over,
    wording,
)
from tertulia.people.rules import can_be_person, can_withdraw_consent, is_own

NAME_LENGTH = 200
ENDED_CONSENT = "people.consent"


def give_consent(  # noqa: PLR0913 - each is a part of what is agreed to
    person: Person | None,
    purpose: Purpose,
    by: Account,
    *,
    language: str,
    version: int | None = None,
    until: date | None = None,
    name: str = "",
) -> Consent:
    """Agree to the newest text of `purpose`, of which `version` was read; None makes a person for `by`, once.

    It holds through the month of the day `until`, or until it is taken back (None): a day would say on which day it
    was given. `name` is to be shown, for the purpose of being named. What is given already stays as it is.
    NotAllowed unless `by` is the person, and for staff; Overtaken if there is a newer version; Invalid at `until`
    for a day that has passed, at `name` if there is none to show, or it is too long.
    """
    _refuse(person, purpose, by, until, name)
    text = wording(purpose, language)
    if version is not None and version != text.version:
        raise Overtaken(_("The words have changed. Please read them once more."))
    with transaction.atomic():
        person = _locked(person) if person else _first_person(by)
        if not is_own(by, person):
            # The account went meanwhile: nobody could take this back.
            raise NotAllowed(_("Everybody agrees for themselves alone."))
        if purpose == Purpose.NAMED and name.strip():
            person.name = " ".join(name.split())
            person.save(update_fields=["name"])
        consent = _entered(person, text, _end_of_month(until) if until else None)
        announce(ConsentGiven(person.pk, purpose))
    return consent


def withdraw_consent(person: Person, purpose: Purpose, by: Account) -> None:
    """Take back what the person agreed to, or a credit that an organiser published; it holds from the next request.

    What is taken back already stays so. NotAllowed unless `by` is the person, or cares for persons and does it
    at their request: then a notice tells them.
    """
    if not can_withdraw_consent(person, by):
        raise NotAllowed(_("Only they themselves can take this back, or staff at their request."))
    with transaction.atomic():
        person = _locked(person)
        if _is_ended(person, purpose):
            return
        consent = open_consent(person, purpose) or Consent(person=person, purpose=purpose)
        end_consent(consent, by)
        if not is_own(by, person):
            notify(person, "people.taken_back", str(consent.pk))


def expire_consents() -> int:
    """End the consents whose last day has passed, and tell the persons; how many. Refuses nobody."""
    return sum(_expire(found) for found in list(over()))


def end_consent(consent: Consent, by: Account | None) -> None:
    """Mark the consent as ended this month and take out what rested on it; in a transaction, refuses nobody.

    `by` None: its time was over. What upper apps hold goes first, while the name still stands; then the name.
    """
    person = consent.person
    known_as = name_on_list(person, consent if consent.text_id else None)
    consent.withdrawn = _this_month()
    consent.save()
    for end in consent_ends:
        end(person, consent.purpose)
    if consent.purpose == Purpose.NAMED:
        person.name = person.biography = ""
        person.save(update_fields=["name", "biography"])
        enqueue("people.purge")
    settings.ERASURES.note(ENDED_CONSENT, known_as)
    announce(ConsentWithdrawn(person.pk, consent.purpose, by.pk if by else None))


def end_again(known_as: str) -> None:
    """End what a restore has brought back, `known_as` as `can_end_again` says. Refuses nobody."""
    key, _, public_id = known_as.partition(" of ")
    with transaction.atomic():
        person = _locked(Person.objects.get(public_id=public_id))
        given = person.consents.filter(pk=key).first() if key != ON_WORD else None
        end_consent(given or Consent(person=person, purpose=Purpose.NAMED), None)


def _expire(found: Consent) -> bool:
    """End one that was found to be over, unless the person has given it anew since."""
    with transaction.atomic():
        person = _locked(found.person)
        consent = over().filter(pk=found.pk).first()
        if consent is None:
            return False
        end_consent(consent, None)
        notify(person, "people.consent_over", str(consent.pk))
    return True


def _refuse(person: Person | None, purpose: Purpose, by: Account, until: date | None, name: str) -> None:
    if not can_be_person(by) or (person is not None and not is_own(by, person)):
        raise NotAllowed(_("Everybody agrees for themselves alone."))
    if until is not None and until < timezone.now().date():
        raise Invalid(_("This day has passed already."), where="until")
    if purpose == Purpose.NAMED and not name.strip() and not (person and person.name):
        raise Invalid(_("Please write the name that is to be shown."), where="name")
    if len(name) > NAME_LENGTH:
        raise Invalid(_("Please choose a shorter name: 200 characters at most."), where="name")


def _first_person(account: Account) -> Person:
    """A person for who has none; a button that is pressed twice makes one."""
    Account.objects.select_for_update().get(pk=account.pk)
    return account.persons.order_by("pk").first() or Person.objects.create(account=account)


def _entered(person: Person, text: Wording, until: date | None) -> Consent:
    """The row in the ledger; one that says the same stays, another one that is open is closed by it."""
    standing = open_consent(person, text.purpose)
    kept = _kept(text)
    if standing and (standing.text, standing.until) == (kept, until):
        return standing
    if standing:
        standing.withdrawn = _this_month()
        standing.save(update_fields=["withdrawn"])
    return Consent.objects.create(person=person, purpose=text.purpose, text=kept, given=_this_month(), until=until)


def _kept(text: Wording) -> ConsentText:
    """The text as it is kept: the house's own words are kept when somebody first agrees to them."""
    key = {"purpose": text.purpose, "version": text.version, "language": text.language}
    found, _new = ConsentText.objects.get_or_create(**key, defaults={"text": text.text})
    return found


def _is_ended(person: Person, purpose: Purpose) -> bool:
    """Whether nothing is left to take back; nobody takes back what was never given, but for a name."""
    never_given = purpose != Purpose.NAMED and not person.consents.filter(purpose=purpose).exists()
    return never_given or (open_consent(person, purpose) is None and is_taken_back(person, purpose))


def _locked(person: Person) -> Person:
    """The person as it is now, held against another who gives or takes back at this moment."""
    return Person.objects.select_for_update(of=("self",)).get(pk=person.pk)


def _this_month() -> date:
    return timezone.now().date().replace(day=1)


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
