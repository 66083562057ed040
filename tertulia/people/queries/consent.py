"""What people agreed to, and how a credit is shown: asked anew at each request."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tertulia.kit.languages import language_name
from tertulia.kit.registry import credited, credited_for
from tertulia.people.models import HOUSE_WORDS, Account, Consent, ConsentText, Person, Purpose
from tertulia.people.rules import Visitor, cared_for_by

HOUSE_VERSION = 1
FIRST_LANGUAGE = "en"
# In the place of a key, for a name that is shown on the organiser's word.
ON_WORD = "word"


@dataclass(frozen=True)
class Wording:
    """What one would agree to: the newest text of a purpose, in the language asked for if there is one."""

    purpose: Purpose
    version: int
    language: str
    text: str


@dataclass(frozen=True)
class Standing:
    """Where a person stands with a purpose: the open consent, or None; `on_word`: credited on the organiser's word.

    Without a person, an account that has agreed to nothing yet.
    """

    person: Person | None
    purpose: Purpose
    consent: Consent | None
    on_word: bool = False

    @property
    def holds(self) -> bool:
        """Whether it may be done now."""
        return self.on_word or self.consent is not None

    @property
    def language(self) -> str:
        """What the language of the words is called that were agreed to; empty without any."""
        return language_name(self.consent.text.language) if self.consent and self.consent.text else ""


def removed() -> str:
    """What stands where a name was taken back, in the language of the page."""
    return _("removed at someone’s request")


def has_consent(person: Person, purpose: Purpose) -> bool:
    """Whether the person agrees to the purpose at this moment.

    A name that nobody asked about holds on the word of the organiser who published the programme, until it is
    taken back.
    """
    rows = Consent.objects.filter(person=person, purpose=purpose)
    if purpose == Purpose.NAMED and not rows.exists():
        return True
    return rows.filter(_open()).exists()


def named(person: str) -> Q:
    """Whether the person that the field `person` of a query points to may be named, as `has_consent` says."""
    rows = Consent.objects.filter(person=OuterRef(person), purpose=Purpose.NAMED)
    return Q(~Exists(rows)) | Q(Exists(rows.filter(_open())))


def open_consent(person: Person, purpose: Purpose) -> Consent | None:
    """The consent of the person that nobody has taken back and whose time has not been called over, or None."""
    return Consent.objects.filter(person=person, purpose=purpose, withdrawn=None).select_related("text").first()


def is_taken_back(person: Person, purpose: Purpose) -> bool:
    """Whether the person agreed or was credited once and that has ended."""
    return Consent.objects.filter(person=person, purpose=purpose).exists() and not has_consent(person, purpose)


def over() -> QuerySet[Consent]:
    """The consents whose last day has passed and that are not yet marked so."""
    return Consent.objects.filter(withdrawn=None, until__lt=timezone.now().date()).select_related("person")


def can_end_again() -> list[str]:
    """Names on the erasure list of all that holds: each consent, and each name on the organiser's word."""
    given = Consent.objects.filter(withdrawn=None).select_related("person")
    on_word = Person.objects.exclude(consents__purpose=Purpose.NAMED)
    return [name_on_list(row.person, row) for row in given] + [name_on_list(person, None) for person in on_word]


def name_on_list(person: Person, consent: Consent | None) -> str:
    """What the erasure list calls the consent of the person; None: their name on the organiser's word.

    What is given again later is another row, and is not ended by what was noted of the first.
    """
    return f"{consent.pk if consent else ON_WORD} of {person.public_id}"


def wording(purpose: Purpose, language: str) -> Wording:
    """What somebody would agree to now, in `language` if there is a text, else in the language it was written in."""
    newest = newest_version(purpose)
    written = {row.language: row.text for row in ConsentText.objects.filter(purpose=purpose, version=newest)}
    if language in written:
        return Wording(purpose, newest, language, written[language])
    if newest == HOUSE_VERSION:
        return _house_wording(purpose, language)
    first = FIRST_LANGUAGE if FIRST_LANGUAGE in written else min(written)
    return Wording(purpose, newest, first, written[first])


def newest_version(purpose: Purpose) -> int:
    """The number of the newest text of the purpose; the house's own words are the first."""
    found: int | None = ConsentText.objects.filter(purpose=purpose).aggregate(newest=Max("version"))["newest"]
    return found or HOUSE_VERSION


def persons_of(account: Account) -> list[Person]:
    """The persons that the account has claimed or made, with their consents, in a fixed order."""
    return list(account.persons.prefetch_related(_ledger()).order_by("pk"))


def person_of(account: Account, public_id: str) -> Person | None:
    """The person of that public name that belongs to the account, or None."""
    return account.persons.filter(public_id=public_id).first()


def standings(person: Person) -> list[Standing]:
    """Where a person of `persons_of` or `persons_listed` stands with each purpose, without another query."""
    rows: Sequence[Consent] = list(person.consents.all())
    return [_standing(person, purpose, [row for row in rows if row.purpose == purpose]) for purpose in Purpose]


def standings_of(account: Account) -> list[tuple[Person | None, list[Standing]]]:
    """Where each person of the account stands with each purpose; without any, what the account could agree to."""
    nobody = [Standing(None, purpose, None) for purpose in Purpose]
    return [(person, standings(person)) for person in persons_of(account)] or [(None, nobody)]


def persons_listed(visitor: Visitor, name: str = "") -> QuerySet[Person]:
    """The persons on a programme for whom the visitor cares, by name, with their consents.

    `name` is a part of one, or empty. Who only agreed to something at their own place is not among them.
    """
    found = Person.objects.filter(name__icontains=name) if name else Person.objects.all()
    reach = cared_for_by(visitor)
    within = (Q(pk__in=keys(scope)) for keys in credited for scope in (sorted(reach) if "" not in reach else [""]))
    found = found.filter(functools.reduce(operator.or_, within, Q(pk__in=[])))
    return found.prefetch_related(_ledger()).order_by("name", "pk")


def told_apart(persons: Iterable[Person]) -> dict[int, tuple[str, ...]]:
    """Where each of `persons` is credited, by key, in some short pieces: what tells namesakes apart."""
    keys, told = [person.pk for person in persons], dict[int, tuple[str, ...]]()
    for words in credited_for:
        told |= words(keys)
    return told


def _standing(person: Person, purpose: Purpose, rows: list[Consent]) -> Standing:
    today = timezone.now().date()
    current = [row for row in rows if row.withdrawn is None and (row.until is None or row.until >= today)]
    on_word = purpose == Purpose.NAMED and not rows and bool(person.name)
    return Standing(person, purpose, current[0] if current else None, on_word)


def _house_wording(purpose: Purpose, language: str) -> Wording:
    spoken = language if language in dict(settings.LANGUAGES) else FIRST_LANGUAGE
    with override(spoken):
        return Wording(purpose, HOUSE_VERSION, spoken, str(HOUSE_WORDS[purpose]))


def _open() -> Q:
    return Q(withdrawn=None) & (Q(until=None) | Q(until__gte=timezone.now().date()))


def _ledger() -> Prefetch[str, QuerySet[Consent], str]:
    return Prefetch("consents", Consent.objects.select_related("text").order_by("given", "pk"))
