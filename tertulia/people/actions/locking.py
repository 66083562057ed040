"""The one order in which rows are held while they are changed, so that no two changes wait for each other.

Account, then persons by their keys, then a claim link, then events by their keys, then what hangs on these. Whoever
needs one of them takes it before all that stand behind it, inside the transaction that changes it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.contrib.sessions.backends.base import SessionBase
from django.db import connection, transaction
from django.utils.translation import gettext as _

from tertulia.kit.errors import Gone
from tertulia.kit.registry import name_neighbours
from tertulia.people.models import Account, Person


def lock_account(account: Account) -> Account | None:
    """The account as it is now, held until the transaction ends; None if it is gone. Refuses nobody."""
    return Account.objects.select_for_update().filter(pk=account.pk).first()


def lock_living_account(account: Account) -> Account:
    """As `lock_account`; Gone if it was deleted meanwhile."""
    found = lock_account(account)
    if found is None:
        raise Gone(_("This account was deleted."))
    return found


def lock_who_came(account: Account, session: SessionBase | None = None) -> Account:
    """As `lock_living_account`, for somebody who is in as the `account` that was read before, in this `session`.

    Gone as well if what they came with has ended meanwhile: their session, or the way back in or password behind it.
    """
    found = lock_living_account(account)
    is_same = found.get_session_auth_hash() == account.get_session_auth_hash()
    if not is_same or not (session is None or session.exists(session.session_key or "")):
        raise Gone(_("You were signed out meanwhile. Nothing was changed."))
    return found


def lock_person(person: Person) -> Person | None:
    """The person as it is now, held until the transaction ends; None if it is gone. Refuses nobody."""
    lock_persons(lambda: {person.pk})
    return Person.objects.filter(pk=person.pk).first()


def lock_name(person: Person) -> Person | None:
    """As `lock_person`, with all whose rows change when the name of the person is taken out. Refuses nobody."""
    lock_persons(lambda: with_neighbours([person.pk]))
    return Person.objects.filter(pk=person.pk).first()


def lock_persons(whose: Callable[[], Collection[int]], then: Callable[[], object] = bool) -> None:
    """Hold the persons with the keys that `whose` gives, in the order of these, and after them what `then` holds.

    Asked again when all are held, `whose` may know of more: then all are let go, and held anew. Refuses nobody.
    """
    if not connection.features.has_select_for_update:
        # SQLite lets nobody write while somebody does.
        then()
        return
    while not _is_held(whose, then):
        pass


def with_neighbours(keys: Collection[int]) -> set[int]:
    """The `keys` of persons, with those of all whose rows change when one of these names is taken out. Reads alone."""
    return {*keys, *(near for key in keys for neighbours in name_neighbours for near in neighbours(key))}


def _is_held(whose: Callable[[], Collection[int]], then: Callable[[], object]) -> bool:
    """Whether all are held; if not, none: what was held since the savepoint is let go with it."""
    with transaction.atomic():
        wanted = set(whose())
        list(Person.objects.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk"))
        then()
        is_whole = set(whose()) <= wanted
        transaction.set_rollback(not is_whole)
    return is_whole
