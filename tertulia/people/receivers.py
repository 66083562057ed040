"""What the audit log keeps of what happens among staff; what a library would store of them is blanked before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from tertulia.kit.randomness import random_key
from tertulia.kit.registry import Told
from tertulia.people import facts
from tertulia.people.actions.audit import keep_record
from tertulia.people.models import Account

ExportFact = facts.ExportAsked | facts.ExportApproved | facts.ExportDeclined | facts.ExportTaken
NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


@receiver(pre_save, sender=Authenticator, dispatch_uid="people.blank_factor")
def blank_factor(instance: Authenticator, **_told: Any) -> None:
    """A factor says neither when it was set up, nor when it was last used, nor which one came first."""
    instance.created_at, instance.last_used_at = NO_MOMENT, None
    if instance.pk is None:
        instance.pk = random_key()


def listen() -> None:
    """Keep what colleagues do to each other, and to people; nothing that people do themselves."""
    keep_record(facts.Invited, _("A colleague was invited"), _colleague)
    keep_record(facts.Appointed, _("A role was given"), _role)
    keep_record(facts.Unappointed, _("A role was taken away"), _role)
    keep_record(facts.Dismissed, _("An account of staff was ended"), _colleague)
    keep_record(facts.SignInLinkIssued, _("A sign-in link was made"), _colleague)
    keep_record(facts.FactorAdded, _("A colleague set up a way to come in"), _own_factor)
    keep_record(facts.FactorRemoved, _("A colleague removed a way to come in"), _own_factor)
    keep_record(facts.RecoveryCodesMade, _("A colleague made recovery codes"), _own)
    keep_record(facts.FactorsReset, _("The ways in of a colleague were taken away"), _colleague)
    keep_record(facts.ConsentWithdrawn, _("A consent was taken back at the person’s request"), _consent)
    keep_record(facts.ConsentWorded, _("What people agree to was worded anew"), _wording)
    keep_record(facts.ClaimLinkIssued, _("A link to claim a credit was made"), _claim)
    keep_record(facts.ExportAsked, _("An export was asked for"), _export)
    keep_record(facts.ExportApproved, _("An export was approved"), _export)
    keep_record(facts.ExportDeclined, _("An export was declined"), _export)
    keep_record(facts.ExportTaken, _("An export was downloaded"), _export)


def _colleague(fact: facts.Invited | facts.Dismissed | facts.SignInLinkIssued | facts.FactorsReset) -> Told:
    return Told("colleague", _public_id(fact.account_id), fact.by_id)


def _own(fact: facts.RecoveryCodesMade) -> Told:
    return Told("colleague", _public_id(fact.account_id), fact.account_id)


def _own_factor(fact: facts.FactorAdded | facts.FactorRemoved) -> Told:
    return Told("colleague", _public_id(fact.account_id), fact.account_id, fact.kind)


def _role(fact: facts.Appointed | facts.Unappointed) -> Told:
    return Told("colleague", _public_id(fact.account_id), fact.by_id, f"{fact.role} {fact.scope}".strip())


def _consent(fact: facts.ConsentWithdrawn) -> Told | None:
    """Only what staff took back: not whose, nor what for, since with the month that may lead to one consent.

    The person's own doing is nobody's business.
    """
    by_staff = fact.by_id is not None and Account.objects.filter(pk=fact.by_id).exclude(pseudonym="").exists()
    return Told("person", "", fact.by_id) if by_staff else None


def _wording(fact: facts.ConsentWorded) -> Told:
    return Told("consent", fact.purpose, fact.by_id, str(fact.version))


def _claim(fact: facts.ClaimLinkIssued) -> Told:
    return Told("person", "", fact.by_id)


def _export(fact: ExportFact) -> Told:
    return Told("export", fact.public_id, fact.by_id, f"{fact.kind} {fact.scope}".strip())


def _public_id(key: int) -> str:
    return str(Account.objects.values_list("public_id", flat=True).get(pk=key))
