"""Joining a credit to an account, by a link that works once."""

from __future__ import annotations

import secrets
from calendar import monthrange
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tertulia.kit.errors import Gone, Invalid, NotAllowed
from tertulia.kit.facts import announce
from tertulia.kit.randomness import token_hash
from tertulia.people.actions.locking import lock_account, lock_person, lock_persons
from tertulia.people.actions.notice import notify
from tertulia.people.facts import ClaimLinkIssued, PersonClaimed
from tertulia.people.models import Account, ClaimLink, Person
from tertulia.people.rules import can_be_person, can_care_for

TOKEN_BYTES = 32
CLAIM_DAYS = 14


def issue_claim_link(person: Person, by: Account) -> str:
    """The token of a link by which somebody says once, within 14 days, that they are this person; an older one ends.

    It holds until the end of the month in which the last of these days is: its day would lead from an entry of the
    audit log to the person.
    NotAllowed unless `by` cares for the person; Invalid at `person` if an account has claimed them, or they are gone.
    """
    if not can_care_for(by, person):
        raise NotAllowed(_("Only who cares for this person makes such links."))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    ends = _end_of_month(timezone.now().date() + timedelta(days=CLAIM_DAYS))
    with transaction.atomic():
        found = lock_person(person)
        if found is None or found.account_id is not None:
            raise Invalid(_("Somebody has said already that they are this person."), where="person")
        link = {"token_hash": token_hash(token), "expires_on": ends}
        ClaimLink.objects.update_or_create(person=person, defaults=link)
        announce(ClaimLinkIssued(person.pk, by.pk))
    return token


def claim_person(token: str, account: Account) -> Person:
    """Use the link with this `token` up: its person belongs to `account` from now on, who decides about it alone.

    Gone if it was used, has ended or was never made; NotAllowed, and the link stays, for an account of staff.
    """
    if not can_be_person(account):
        raise NotAllowed(_("Staff keep their pseudonym apart from their credits: come in as a participant."))
    with transaction.atomic():
        link = _locked(token, account)
        if link is None or link.expires_on < timezone.now().date():
            raise Gone(_("This link was used already, or its time is over. Please ask for another one."))
        person = link.person
        person.account = account
        person.save(update_fields=["account"])
        link.delete()
        notify(person, "people.claimed")
        announce(PersonClaimed(person.pk))
    return person


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _locked(token: str, account: Account) -> ClaimLink | None:
    """The link that still claims somebody, with the account and the person held before it; None if one of them went."""
    if lock_account(account) is None:
        return None
    links = ClaimLink.objects.filter(token_hash=token_hash(token))
    lock_persons(lambda: set(links.values_list("person", flat=True)))
    held = links.select_for_update(of=("self",)).select_related("person")
    return held.filter(person__account=None).first()
