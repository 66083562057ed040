"""Whoever changes the same people at once goes one after the other, and nothing that was said is lost."""

from __future__ import annotations

import pytest
from django.db import connection

from tertulia.kit.errors import Gone, Invalid, NotAllowed
from tertulia.people.actions import claim_person, delete_account, give_consent, issue_claim_link, withdraw_consent
from tertulia.people.models import Account, ClaimLink, Consent, Person, Purpose
from tertulia.programme.actions.schedule import import_schedule
from tertulia.programme.actions.texts import translate_session, word_event
from tertulia.programme.formats.schedule_json import parse
from tertulia.programme.models import Event, EventText, SessionText
from tests.factories import make_account, make_credited, make_event, make_person, make_session
from tests.people.beside import one_after_the_other
from tests.programme.schedules import as_bytes, session_of, small

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets nobody write while somebody does"),
    pytest.mark.django_db(transaction=True),
]
NAME = "Quillfeather Marrowby"


def test_a_link_that_is_used_while_another_one_is_made() -> None:
    """Whoever made one held the person and waited for the link; whoever used it, the other way round."""
    staff, account, person = make_account("administrator"), make_account(), make_credited(NAME)
    token = issue_claim_link(person, staff)
    used, made = one_after_the_other(
        ClaimLink.objects.all(), lambda: claim_person(token, account), lambda: issue_claim_link(person, staff)
    )
    assert (used, type(made)) == (person, Invalid)
    assert Person.objects.get().account == account
    assert not ClaimLink.objects.exists()


def test_a_name_that_is_taken_back_while_a_file_changes_it() -> None:
    """The file held the event and waited for the person; who took it back, the other way round."""
    staff, tree = make_account("administrator"), small()
    session_of(tree)["persons"][0]["public_name"] = NAME
    import_schedule(parse(as_bytes(tree)), "nights")
    session_of(tree)["persons"][0]["public_name"] = "Sable Thornwick"
    later, person = parse(as_bytes(tree)), Person.objects.get(name=NAME)
    one_after_the_other(
        Event.objects.all(),
        lambda: import_schedule(later, "nights"),
        lambda: withdraw_consent(person, Purpose.NAMED, staff),
    )
    assert set(Person.objects.values_list("name", flat=True)) == {"", "Second Sample"}


def test_two_who_speak_of_each_other_take_their_names_back() -> None:
    """Each held itself and then the other, in whose words it was named."""
    event, staff = make_event("nights"), make_account("administrator")
    make_session(event, persons=(NAME, "Sable Thornwick"))
    first, second = Person.objects.order_by("pk")
    Person.objects.filter(pk=first.pk).update(biography=f"Sang with {second.name}.")
    Person.objects.filter(pk=second.pk).update(biography=f"Sang with {first.name}.")
    one_after_the_other(
        Event.objects.all(),
        *(lambda one=one: withdraw_consent(one, Purpose.NAMED, staff) for one in (second, first)),
    )
    assert set(Person.objects.values_list("name", "biography")) == {("", "")}


def test_a_text_that_is_written_while_the_name_in_it_is_taken_back() -> None:
    """What it may not say was asked before the transaction, and then it said the name again."""
    event, staff = make_event("nights"), make_account("administrator")
    session = make_session(event, "Who asks?", persons=(NAME,))
    person = Person.objects.get()
    one_after_the_other(
        SessionText.objects.all(),
        lambda: translate_session(session, "es", {"title": f"Con {NAME}"}),
        lambda: withdraw_consent(person, Purpose.NAMED, staff),
    )
    assert not SessionText.objects.filter(title__contains=NAME).exists()
    assert SessionText.objects.filter(title__startswith="Con [").count() == 1


def test_words_of_the_event_are_not_overwritten_by_older_ones() -> None:
    """Who took a name out wrote each text back as it had read it."""
    event, staff = make_event("nights", f"Nights with {NAME}"), make_account("administrator")
    make_session(event, persons=(NAME,))
    person = Person.objects.get()
    one_after_the_other(
        EventText.objects.all(),
        lambda: word_event(event, "en", "Open nights", f"{NAME} reads"),
        lambda: withdraw_consent(person, Purpose.NAMED, staff),
    )
    [text] = EventText.objects.all()
    assert (text.title, NAME in text.tagline, text.tagline.endswith("] reads")) == ("Open nights", False, True)


def test_an_account_that_goes_while_it_claims_or_agrees() -> None:
    staff, account = make_account("administrator"), make_account()
    person, other = make_person(NAME), make_person("Sable Thornwick", account)
    make_session(make_event("nights")).credits.create(person=person)
    token = issue_claim_link(person, staff)
    results = one_after_the_other(
        Account.objects.filter(pk=account.pk),
        lambda: delete_account(Account.objects.get(pk=account.pk)),
        lambda: claim_person(token, account),
        lambda: give_consent(other, Purpose.QUOTED, account, language="en"),
    )
    assert [type(one) for one in results] == [type(None), Gone, NotAllowed]
    assert (Person.objects.get().account, Consent.objects.count()) == (None, 0)
