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
from tertulia.kit.registry import consent_ends, name_changes
from tertulia.kit.tasks import enqueue
from tertulia.people.actions.locking import lock_account, lock_name, lock_person
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
from tertulia.people.queries.naming import public_name
from tertulia.people.rules import can_be_person, can_withdraw_consent, is_own

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
    """Agree to the newest text of `purpose`, of which `version` was read; None makes a person for `by`.

    It holds through the month of the day `until`, or until it is taken back (None): a day would say on which day it
    was given. `name` is to be shown, for the purpose of being named. What is given already stays as it is.
    NotAllowed unless `by` is the person, and for staff; Overtaken if there is a newer version, and if None is given
    and `by` is a person already; Invalid at `until` for a day that has passed, at `name` if there is none to show, or
    for what `queries.naming.public_name` refuses.
    """
    _refuse(person, purpose, by, until, name)
    shown = _shown(person, name) if purpose == Purpose.NAMED else ""
    text = _read(purpose, language, version)
    with transaction.atomic():
        person = _held(person, by)
        if shown:
            _call(person, shown)
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
        held = _held_to_end(person, purpose)
        if held is None or _is_ended(held, purpose):
            return
        consent = open_consent(held, purpose) or Consent(person=held, purpose=purpose)
        end_consent(consent, by)
        if not is_own(by, held):
            notify(held, "people.taken_back", str(consent.pk))


def expire_consents() -> int:
    """End the consents whose last day has passed, and tell the persons; how many. Refuses nobody."""
    return sum(_expire(found) for found in list(over()))


def end_consent(consent: Consent, by: Account | None) -> None:
    """Mark the consent as ended this month and take out what rested on it; in a transaction that holds its person.

    `by` None: its time was over. What upper apps hold goes first, while the name still stands; then the name. Of the
    row the purpose and the month stay. Refuses nobody.
    """
    person = consent.person
    consent.text = consent.given = consent.until = None
    consent.withdrawn = _this_month()
    consent.save()
    for end in consent_ends:
        end(person, consent.purpose)
    if consent.purpose == Purpose.NAMED:
        person.name = person.biography = ""
        person.save(update_fields=["name", "biography"])
    enqueue("people.purge")
    _note(person, consent.purpose)
    announce(ConsentWithdrawn(person.pk, consent.purpose, by.pk if by else None))


def end_again(known_as: str) -> None:
    """End what a restore has brought back, `known_as` as `can_end_again` says. Refuses nobody."""
    key, _, public_id = known_as.partition(" of ")
    with transaction.atomic():
        person = Person.objects.get(public_id=public_id)
        lock_name(person)
        given = Consent.objects.filter(pk=key).first() if key != ON_WORD else None
        end_consent(given or Consent(person_id=person.pk, purpose=Purpose.NAMED), None)


def _note(person: Person, purpose: str) -> None:
    """Note every row that ended, and the organiser's word: an older copy may hold any one of them as open."""
    for row in person.consents.filter(purpose=purpose).exclude(withdrawn=None):
        settings.ERASURES.note(ENDED_CONSENT, name_on_list(person, row))
    if purpose == Purpose.NAMED:
        settings.ERASURES.note(ENDED_CONSENT, name_on_list(person, None))


def _expire(found: Consent) -> bool:
    """End one that was found to be over, unless the person has given it anew since."""
    with transaction.atomic():
        _held_to_end(found.person, found.purpose)
        consent = over().filter(pk=found.pk).first()
        if consent is None:
            return False
        end_consent(consent, None)
        notify(consent.person, "people.consent_over", str(consent.pk))
    return True


def _refuse(person: Person | None, purpose: Purpose, by: Account, until: date | None, name: str) -> None:
    if not can_be_person(by) or (person is not None and not is_own(by, person)):
        raise NotAllowed(_("Everybody agrees for themselves alone."))
    if until is not None and until < timezone.now().date():
        raise Invalid(_("This day has passed already."), where="until")
    if purpose == Purpose.NAMED and not name.strip() and not (person and person.name):
        raise Invalid(_("Please write the name that is to be shown."), where="name")


def _shown(person: Person | None, name: str) -> str:
    """The name as it will be shown; empty if none is given, or the one that is shown already."""
    tidy = " ".join(name.split())
    return public_name(name) if tidy and not (person and tidy == person.name) else ""


def _read(purpose: Purpose, language: str, version: int | None) -> Wording:
    """The newest text; Overtaken if it is not the one of which `version` was read."""
    text = wording(purpose, language)
    if version is not None and version != text.version:
        raise Overtaken(_("The words have changed. Please read them once more."))
    return text


def _held(person: Person | None, by: Account) -> Person:
    """Who agrees, held with their account; NotAllowed if one of them went meanwhile: nobody could take it back."""
    account = lock_account(by)
    held = lock_person(person) if person else _first_person(account)
    if account is None or held is None or not is_own(account, held):
        raise NotAllowed(_("Everybody agrees for themselves alone."))
    return held


def _held_to_end(person: Person, purpose: str) -> Person | None:
    """The person, held with all whose rows change when this ends; None if they are gone."""
    return lock_name(person) if purpose == Purpose.NAMED else lock_person(person)


def _first_person(account: Account | None) -> Person | None:
    """A person for who has none; a button that is pressed twice makes one."""
    if account is not None and account.persons.exists():
        raise Overtaken(_("You have agreed to something before. Please choose once more on the page before."))
    return Person.objects.create(account=account) if account else None


def _call(person: Person, name: str) -> None:
    """Give the person another name, while upper apps still see the one before."""
    if person.name:
        for change in name_changes:
            change(person)
    person.name = name
    person.save(update_fields=["name"])


def _entered(person: Person, text: Wording, until: date | None) -> Consent:
    """The row in the ledger; one that is open says from now on what was agreed to last."""
    told = {"text": _kept(text), "until": until}
    standing = open_consent(person, text.purpose)
    if standing is None:
        return Consent.objects.create(person=person, purpose=text.purpose, given=_this_month(), **told)
    if (standing.text, standing.until) != (told["text"], until):
        Consent.objects.filter(pk=standing.pk).update(given=_this_month(), **told)
        standing.refresh_from_db()
    return standing


def _kept(text: Wording) -> ConsentText:
    """The text as it is kept: the house's own words are kept when somebody first agrees to them."""
    key = {"purpose": text.purpose, "version": text.version, "language": text.language}
    found, _new = ConsentText.objects.get_or_create(**key, defaults={"text": text.text})
    return found


def _is_ended(person: Person, purpose: Purpose) -> bool:
    """Whether nothing is left to take back; nobody takes back what was never given, but for a name."""
    never_given = purpose != Purpose.NAMED and not person.consents.filter(purpose=purpose).exists()
    return never_given or (open_consent(person, purpose) is None and is_taken_back(person, purpose))


def _this_month() -> date:
    return timezone.now().date().replace(day=1)


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
