"""The staff's pages about persons."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tertulia.kit.errors import NotAllowed
from tertulia.people.actions import give_consent, issue_claim_link, withdraw_consent
from tertulia.people.models import Notice, Person, Purpose
from tertulia.people.queries.consent import has_consent
from tests.factories import make_account, make_credited, make_event, make_person, make_session
from tests.factories.people import sign_in

SURE = {"sure": "yes"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    return sign_in(client, make_account("administrator"))


def test_the_list_says_what_each_agreed_to(staff: Client) -> None:
    account = make_account()
    person = make_credited("Ana Flores", account)
    give_consent(person, Purpose.QUOTED, account, language="en")
    make_credited("Bela Stone")
    page = staff.get("/staff/persons/").content.decode()
    assert page.index("Ana Flores") < page.index("being named · being quoted") < page.index("Bela Stone")
    found = staff.get("/staff/persons/?name=bela").content.decode()
    assert [name in found for name in ("Ana Flores", "Bela Stone")] == [False, True]
    assert "Nobody is found." in staff.get("/staff/persons/?name=nobody").content.decode()


def test_namesakes_are_told_apart_by_what_credits_them(staff: Client) -> None:
    event = make_event(title="Harbour days")
    person = make_session(event, "Late bells", hour=14, persons=("Neap",)).credits.get().person
    make_session(event, "Ropes and knots", hour=10).credits.create(person=person)
    make_session(event, "Tides", hour=12, persons=("Neap",))
    page = staff.get("/staff/persons/")
    assert {where for _person, where, _holding in page.context["rows"]} == {
        ("Ropes and knots", "Harbour days", "November 2021"),
        ("Tides", "Harbour days", "November 2021"),
    }
    assert page.content.decode().count("<bdi>Tides</bdi> · <bdi>Harbour days</bdi> · <bdi>November 2021</bdi>") == 1
    Person.objects.filter(pk=person.pk).update(name="")
    assert "Ropes and knots" not in staff.get("/staff/persons/").content.decode()


def test_the_list_has_pages(staff: Client) -> None:
    make_session(make_event(), persons=tuple(f"Sample {number:02}" for number in range(51)))
    pages = [staff.get(f"/staff/persons/?page={page}").content.decode() for page in (1, 2)]
    assert [page.count("<bdi>Sample ") for page in pages] == [50, 1]


def test_the_list_asks_the_same_number_of_times(staff: Client) -> None:
    counts = []
    event = make_event()
    for name in ("Ana Flores", "Bela Stone", "Cem Ay"):
        make_session(event, persons=(name,))
        with CaptureQueriesContext(connection) as counted:
            staff.get("/staff/persons/")
        counts.append(len(counted))
    assert counts[0] == counts[2]


def test_no_page_shows_staff_who_came_in_and_is_on_no_programme(staff: Client) -> None:
    """Whoever agrees to something at their own place gets a row of a person, and that is nobody's to look at."""
    account, event = make_account(), make_event()
    make_session(event, persons=("Ana Flores",))
    mine = give_consent(None, Purpose.NAMED, account, language="en", name="Wren Tidewater").person
    page = staff.get("/staff/persons/")
    assert [person.name for person, _where, _holding in page.context["rows"]] == ["Ana Flores"]
    assert [row.name for row in staff.get("/staff/persons/?name=tide").context["rows"]] == []
    path = f"/staff/persons/{mine.public_id}/"
    answers = [staff.get(path), staff.post(f"{path}claim-link/"), staff.post(f"{path}withdraw/named/", SURE)]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    with pytest.raises(NotAllowed):
        withdraw_consent(mine, Purpose.NAMED, make_account("organiser"))
    with pytest.raises(NotAllowed):
        issue_claim_link(make_person("Neap"), make_account("organiser"))
    assert has_consent(mine, Purpose.NAMED)


def test_a_link_is_shown_once(staff: Client) -> None:
    person = make_credited("Ana Flores")
    path = f"/staff/persons/{person.public_id}/"
    page = staff.post(f"{path}claim-link/")
    assert "http://127.0.0.1:8000/me/claim/" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert "/me/claim/" not in staff.get(path).content.decode()
    Person.objects.update(account=make_account())
    assert staff.post(f"{path}claim-link/")["Location"] == path


def test_it_is_taken_back_once_one_is_sure_and_they_are_told_who_did_it(staff: Client) -> None:
    account = make_account()
    person = make_credited("Ana Flores", account)
    give_consent(person, Purpose.QUOTED, account, language="en")
    path = f"/staff/persons/{person.public_id}/"
    asked = staff.post(f"{path}withdraw/quoted/")
    assert (asked.status_code, has_consent(person, Purpose.QUOTED)) == (200, True)
    page = asked.content.decode()
    assert ("Take back: being quoted" in page, "a notice tells them that it was you" in page) == (True, True)
    assert staff.post(f"{path}withdraw/quoted/", SURE)["Location"] == path
    assert not has_consent(person, Purpose.QUOTED)
    assert Notice.objects.get().person == person
    told = sign_in(Client(), account).get("/me/notices/").content.decode()
    assert "Those who run the event took this back for you: being quoted." in told
    assert staff.post(f"{path}withdraw/nothing/").status_code == 404
    assert staff.get("/staff/persons/nobody/").status_code == 404


def test_who_organises_one_event_does_not_see_them(client: Client) -> None:
    sign_in(client, make_account("organiser", scope=make_event().slug))
    person = make_credited()
    for path in ("/staff/persons/", f"/staff/persons/{person.public_id}/"):
        assert client.get(path).status_code in (302, 403)
    assert "/staff/persons/" not in client.get("/staff/").content.decode()
