"""What was taken back stays taken back when an older copy of the house is put in its place."""

from __future__ import annotations

from datetime import date

import pytest

from tertulia.people.actions import give_consent, withdraw_consent, word_consent
from tertulia.people.models import Account, Consent, Person, Purpose
from tertulia.people.queries.consent import has_consent
from tertulia.programme.models import Credit
from tests.factories import make_account, make_event, make_session
from tests.factories.people import make_newcomer, make_person
from tests.project.backup.scenes import Operator

pytestmark = pytest.mark.django_db(transaction=True)


def names(*persons: Person) -> list[str]:
    return [Person.objects.get(pk=person.pk).name for person in persons]


@pytest.fixture
def ana() -> tuple[Person, Account]:
    """Somebody who is credited on the organiser's word, and has claimed that."""
    account, _phrase = make_newcomer()
    person = make_person("Ana Flores", account)
    Credit.objects.create(session=make_session(make_event("nights"), "Who asks?"), person=person)
    return person, account


def test_a_name_and_a_consent_that_were_taken_back_after_the_copy_are_taken_back_again(
    operator: Operator, ana: tuple[Person, Account]
) -> None:
    person, account = ana
    give_consent(person, Purpose.RECORDED, account, language="en")
    give_consent(person, Purpose.SHOWN, account, language="en")
    archive = operator.back_up()
    withdraw_consent(person, Purpose.NAMED, account)
    withdraw_consent(person, Purpose.RECORDED, account)
    assert operator.restore(archive) == 0
    assert names(person) == [""]
    person = Person.objects.get(pk=person.pk)
    held = {purpose: has_consent(person, purpose) for purpose in (Purpose.NAMED, Purpose.RECORDED, Purpose.SHOWN)}
    assert held == {Purpose.NAMED: False, Purpose.RECORDED: False, Purpose.SHOWN: True}


def test_what_was_given_again_before_the_copy_stays_given(operator: Operator, ana: tuple[Person, Account]) -> None:
    person, account = ana
    withdraw_consent(person, Purpose.NAMED, account)
    give_consent(person, Purpose.NAMED, account, language="en", name="Ana F.")
    archive = operator.back_up()
    assert operator.restore(archive) == 0
    assert names(person) == ["Ana F."]
    assert Consent.objects.filter(withdrawn=None).count() == 1


def test_what_took_the_place_of_another_since_the_copy_ends_with_it(
    operator: Operator, ana: tuple[Person, Account]
) -> None:
    """On the list stand all rows and the word of the organiser: the copy may hold any of them."""
    person, account = ana
    give_consent(person, Purpose.QUOTED, account, language="en")
    archive = operator.back_up()
    word_consent(Purpose.QUOTED, {"en": "You may quote me in print."})
    give_consent(person, Purpose.QUOTED, account, language="en")
    give_consent(person, Purpose.NAMED, account, language="en", name="Ana F.")
    for purpose in (Purpose.QUOTED, Purpose.NAMED):
        withdraw_consent(person, purpose, account)
    assert operator.restore(archive) == 0
    assert names(person) == [""]
    person = Person.objects.get(pk=person.pk)
    assert [has_consent(person, purpose) for purpose in (Purpose.QUOTED, Purpose.NAMED)] == [False, False]


def test_rows_that_an_earlier_release_closed_are_on_the_list_too(
    operator: Operator, ana: tuple[Person, Account]
) -> None:
    person, account = ana
    give_consent(person, Purpose.QUOTED, account, language="en")
    archive = operator.back_up()
    Consent.objects.update(withdrawn=date(2026, 1, 1))
    give_consent(person, Purpose.QUOTED, account, language="en")
    withdraw_consent(person, Purpose.QUOTED, account)
    assert operator.restore(archive) == 0
    assert not has_consent(Person.objects.get(pk=person.pk), Purpose.QUOTED)


def test_what_others_gave_stays(operator: Operator, ana: tuple[Person, Account]) -> None:
    person, account = ana
    other = make_person("Bo", make_account())
    archive = operator.back_up()
    withdraw_consent(person, Purpose.NAMED, account)
    assert operator.restore(archive) == 0
    assert names(person, other) == ["", "Bo"]
