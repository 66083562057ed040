"""Deleting one's account: everything that leads to somebody goes, and nothing of anybody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db.models import ForeignKey

from tertulia.kit import facts
from tertulia.kit.errors import NotAllowed
from tertulia.people.actions import delete_account, give_consent, notify, withdraw_consent
from tertulia.people.facts import AccountDeleted
from tertulia.people.models import Account, Consent, Notice, Person, Purpose
from tertulia.people.queries import account_behind
from tertulia.people.queries.consent import has_consent
from tertulia.programme.models import Credit, Participation
from tests.factories import make_account, make_event, make_session
from tests.factories.people import make_participant, make_person, sign_in

pytestmark = pytest.mark.django_db


def leading_to(key: int) -> list[str]:
    """Every row of every table that points at the account with this key."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, ForeignKey) and field.related_model is Account
        for _row in model._default_manager.filter(**{field.name: key})
    ]


def test_everything_that_leads_to_one_goes(client: Any) -> None:
    account, phrase = make_participant(make_event())
    other, others_phrase = make_participant(make_event(), "Heron")
    sign_in(client, account)
    key = account.pk
    assert sorted(leading_to(key)) == ["people.Session.account", "programme.Participation.account"]
    delete_account(account)
    assert leading_to(key) == []
    assert account_behind(phrase) is None
    assert list(Account.objects.all()) == [other]
    assert account_behind(others_phrase) == other
    assert [row.chosen_name for row in Participation.objects.all()] == ["Heron"]


def test_a_credit_stays_and_leads_to_nobody() -> None:
    account = make_account()
    person = make_person("Ana Flores", account)
    Credit.objects.create(session=make_session(make_event()), person=person)
    delete_account(account)
    person.refresh_from_db()
    assert (person.name, person.account) == ("Ana Flores", None)


def test_what_one_agreed_to_ends_and_who_is_mentioned_nowhere_goes() -> None:
    account, credited = make_account(), make_account()
    give_consent(None, Purpose.QUOTED, account, language="en")
    person = make_person("Ana Flores", credited)
    Credit.objects.create(session=make_session(make_event()), person=person)
    for purpose in (Purpose.QUOTED, Purpose.NAMED):
        give_consent(person, purpose, credited, language="en")
    notify(person, "people.claimed")
    for one in (account, credited):
        delete_account(one)
    assert [(row.pk, row.name) for row in Person.objects.all()] == [(person.pk, "")]
    assert not Consent.objects.filter(withdrawn=None).exists()
    assert not has_consent(person, Purpose.NAMED)
    assert not Notice.objects.exists()


def test_of_what_ended_stays_only_that_one_is_not_named() -> None:
    account = make_account()
    person = make_person("Ana Flores", account)
    Credit.objects.create(session=make_session(make_event()), person=person)
    for purpose in (Purpose.QUOTED, Purpose.NAMED, Purpose.SHOWN):
        give_consent(person, purpose, account, language="en")
        withdraw_consent(person, purpose, account)
    delete_account(account)
    assert [(row.purpose, row.text, row.given) for row in person.consents.all()] == [("named", None, None)]
    assert not has_consent(person, Purpose.NAMED)


def test_staff_are_not_deleted() -> None:
    for account in (make_account("organiser"), make_account("administrator")):
        with pytest.raises(NotAllowed):
            delete_account(account)
    assert Account.objects.count() == 2


def test_it_is_told_once_with_the_key_that_was(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[AccountDeleted] = []
    monkeypatch.setitem(facts._wake_ups, AccountDeleted, [heard.append])
    account = make_account()
    key = account.pk
    with django_capture_on_commit_callbacks(execute=True):
        delete_account(account)
    assert heard == [AccountDeleted(key)]
