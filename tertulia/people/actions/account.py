"""Taking oneself out of the record."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tertulia.kit.errors import NotAllowed
from tertulia.kit.facts import announce
from tertulia.kit.registry import mentions
from tertulia.kit.tasks import enqueue
from tertulia.people.actions.consent import end_consent
from tertulia.people.actions.locking import lock_account, lock_persons, with_neighbours
from tertulia.people.facts import AccountDeleted
from tertulia.people.models import Account, Person, Purpose
from tertulia.people.rules import can_be_deleted

DELETED_ACCOUNT = "people.account"


def delete_account(account: Account) -> None:
    """Delete the account: its way back in, its sessions, and what hangs on it, such as its names at events.

    What it agreed to ends, and its notices go. A credit that an organiser published stays as it is, unless it was
    taken back before, and no longer leads to the account. NotAllowed for an account of staff, who are dismissed.
    """
    if not can_be_deleted(account):
        raise NotAllowed(_("An account of staff is not deleted here: an administrator ends it."))
    with transaction.atomic():
        key = account.pk
        lock_account(account)
        lock_persons(lambda: with_neighbours(set(account.persons.values_list("pk", flat=True))))
        for person in account.persons.order_by("pk"):
            _let_go(person, account)
        account.delete()
        enqueue("people.purge")
        settings.ERASURES.note(DELETED_ACCOUNT, account.public_id)
        announce(AccountDeleted(key))


def delete_again(public_id: str) -> None:
    """Delete the account with that public id, which a restore has brought back. NotAllowed for one of staff."""
    delete_account(Account.objects.get(public_id=public_id))


def _let_go(person: Person, account: Account) -> None:
    """Nobody could take back later what was given; who is mentioned nowhere goes altogether.

    That a name was taken back stays: without that row the organiser's word would hold again.
    """
    for consent in person.consents.filter(withdrawn=None).select_related("person"):
        end_consent(consent, account)
    person.consents.exclude(purpose=Purpose.NAMED).delete()
    person.notices.all().delete()
    if not any(is_mentioned(person.pk) for is_mentioned in mentions):
        person.delete()
