"""Accounts, participants and staff, made by the same actions as in life."""

from __future__ import annotations

from django.test import Client

from tertulia.kit.phrases import Kind
from tertulia.people.actions import invite, open_way_back
from tertulia.people.models import Account, Person, StaffRole
from tertulia.people.queries.factor import CAME_KEY, PROVED_KEY, Came, Shown, shown_now
from tertulia.programme.actions.participation import come_in
from tertulia.programme.models import Event


def make_account(role: str = "participant", pseudonym: str = "", scope: str = "") -> Account:
    """An account that may do what a `role` may: participant, organiser (in `scope`, an event) or administrator.

    Without a pseudonym the first colleague is called Heron, the second Heron 2, and so on.
    """
    if role == "participant":
        return make_newcomer()[0]
    colleagues = Account.objects.filter(pseudonym__startswith="Heron").count()
    return invite(pseudonym or (f"Heron {colleagues + 1}" if colleagues else "Heron"), StaffRole(role), scope)


def make_newcomer(kind: Kind = Kind.WORDS) -> tuple[Account, str]:
    """Somebody with a way back in: the account and its phrase."""
    return open_way_back(kind)


def make_participant(event: Event, name: str = "Wren") -> tuple[Account, str]:
    """Somebody who is in at `event` under `name`: the account and its phrase."""
    account, phrase = open_way_back(Kind.WORDS)
    come_in(event, account, name)
    return account, phrase


def make_person(name: str = "Ana Flores", account: Account | None = None) -> Person:
    """Somebody whom the record credits, with an account or without."""
    return Person.objects.create(name=name, account=account)


def sign_in(client: Client, account: Account) -> Client:
    """The same client, signed in as `account`, staff as if they had shown a factor just now.

    How one really comes in is tested in tests/people/test_views.py, and tests/people/factors/ for staff.
    """
    client.force_login(account, backend="tertulia.people.backends.AccountBackend")
    if account.pseudonym:
        session = client.session
        session[CAME_KEY] = Came.FACTOR.value
        session[PROVED_KEY] = shown_now(Shown.AT_THE_DOOR)
        session.save()
    return client
