"""Nobody comes in, or is credited, under a name that reads like that of a colleague."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tertulia.kit.errors import Invalid
from tertulia.kit.phrases import Kind
from tertulia.people.actions import dismiss, give_consent
from tertulia.people.models import Account, Consent, Person, Purpose
from tertulia.programme.actions.participation import come_in, come_in_anew, rename
from tertulia.programme.models import Participation
from tests.factories import make_account, make_event, make_person, make_session
from tests.factories.people import make_participant, sign_in

pytestmark = pytest.mark.django_db
WHY = "This name could be taken for one of the staff. Please choose another one."
LIKE_IT = ["Blue Desk", "bluedesk", "BLUE  DESK", "B1ue Désk", "Blue-Desk"]


@pytest.fixture(autouse=True)
def colleague() -> Account:
    return make_account("organiser", "Blue Desk")


@pytest.mark.parametrize("name", LIKE_IT)
def test_nobody_comes_in_as_a_colleague(name: str) -> None:
    event, (account, _phrase) = make_event(), make_participant(make_event())
    participation = Participation.objects.get()
    tries = (
        lambda: come_in(event, account, name),
        lambda: come_in_anew(event, name, Kind.WORDS),
        lambda: rename(participation, name),
    )
    for attempt in tries:
        with pytest.raises(Invalid, match=WHY) as refused:
            attempt()
        assert refused.value.where == "chosen_name"
    assert [row.chosen_name for row in Participation.objects.all()] == ["Wren"]


def test_nor_as_a_former_one(colleague: Account) -> None:
    dismiss(colleague)
    with pytest.raises(Invalid):
        come_in(make_event(), make_account(), "Blue Desk")


def test_nor_as_the_organisation(settings: Any) -> None:
    settings.ORGANISATION = "Saltmarsh Network (sample)"
    with pytest.raises(Invalid, match=WHY):
        come_in(make_event(), make_account(), "SaItmarsh network")
    account = make_account()
    with pytest.raises(Invalid, match=WHY):
        give_consent(None, Purpose.NAMED, account, language="en", name="The Saltmarsh Network")


def test_nobody_comes_in_as_somebody_whom_the_event_credits_but_who_has_claimed_it() -> None:
    event, account = make_event(), make_account()
    make_session(event, persons=("Ana Flores", "Neap"))
    person = Person.objects.get(name="Ana Flores")
    for name in ("ana flores", "AnaF1ores", "Neap"):
        for attempt in (
            lambda name=name: come_in(event, account, name),
            lambda name=name: come_in_anew(event, name, Kind.WORDS),
        ):
            with pytest.raises(Invalid, match="The programme names somebody so") as refused:
                attempt()
            assert refused.value.where == "chosen_name"
    wren = come_in(event, make_account(), "Wren")
    with pytest.raises(Invalid):
        rename(wren, "Ana Flores")
    assert come_in(make_event(), make_account(), "Ana Flores").chosen_name == "Ana Flores"
    assert come_in(event, make_account(), "Ana").chosen_name == "Ana"
    Person.objects.filter(pk=person.pk).update(account=account)
    assert come_in(event, account, "Ana Flores").chosen_name == "Ana Flores"
    with pytest.raises(Invalid):
        come_in(event, make_account(), "Ana Flores")
    Person.objects.filter(pk=person.pk).update(name="")
    assert come_in(event, make_account(), "Ana Flores").chosen_name == "Ana Flores"


def test_the_page_says_why_beside_the_field(client: Client) -> None:
    event = make_event()
    answer = client.post(f"/events/{event.slug}/join/", {"chosen_name": "blue desk", "kind": "words"})
    assert answer.status_code == 422
    assert WHY in answer.content.decode()
    assert Account.objects.count() == 1


@pytest.mark.parametrize("name", [*LIKE_IT, "Wren\u200b", "Wren\u202egnitset", "Wrеn", "Moderator"])
def test_nor_is_credited_as_one_or_as_what_nobody_sees(client: Client, name: str) -> None:
    account = make_account()
    person = make_person("Ana Flores", account)
    with pytest.raises(Invalid) as refused:
        give_consent(person, Purpose.NAMED, account, language="en", name=name)
    assert refused.value.where == "name"
    sign_in(client, account)
    sent = {"version": "1", "lasts": "a_year", "name": name}
    answer = client.post(f"/me/consents/{person.public_id}/named/", sent)
    assert answer.status_code == 422
    assert refused.value.why in answer.content.decode()
    assert (Person.objects.get().name, Consent.objects.count()) == ("Ana Flores", 0)


def test_a_name_that_the_programme_shows_already_may_stay() -> None:
    account = make_account()
    person = make_person("Blue Desk", account)
    give_consent(person, Purpose.NAMED, account, language="en", name=" Blue  Desk ")
    assert Person.objects.get().name == "Blue Desk"
