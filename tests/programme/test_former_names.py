"""Names change and credits go: whoever takes their name back takes back all of them, wherever they stood."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tertulia.kit.sealing import KeyStore, LostKey
from tertulia.people.actions import give_consent, withdraw_consent
from tertulia.people.models import Account, Person, Purpose
from tertulia.programme.actions.schedule import import_schedule
from tertulia.programme.actions.texts import translate_session
from tertulia.programme.formats.schedule_json import parse
from tertulia.programme.models import Credit, FormerCredit, NameMark, Session, SessionText, Withheld
from tertulia.programme.queries.imports import import_preview
from tertulia.programme.queries.marks import KEY, LOST
from tertulia.project.commandline import main
from tests.factories import make_account, make_event, make_session
from tests.factories.people import sign_in
from tests.programme.schedules import FILES, as_bytes, session_of, sessions_of, small

pytestmark = pytest.mark.django_db
FIRST, LATER = "Quillfeather Marrowby", "Sable Thornwick"
REMOVED = "removed at someone’s request"


def tree(name: str = FIRST, *, title: str = "An evening", has_ids: bool = True) -> dict[str, Any]:
    """The small festival, whose first session credits somebody of that name."""
    told = small()
    session_of(told)["title"] = title
    session_of(told)["persons"][0] |= {"public_name": name, "biography": ""}
    if not has_ids:
        for session in sessions_of(told):
            for person in session["persons"]:
                person.pop("id"), person.pop("code")
    return told


def without_person(told: dict[str, Any]) -> dict[str, Any]:
    left = json.loads(json.dumps(told))
    session_of(left)["persons"].pop(0)
    return left


def take(told: dict[str, Any]) -> None:
    import_schedule(parse(as_bytes(told)), "nights")


def claimed(name: str = FIRST) -> tuple[Person, Account]:
    person, account = Person.objects.get(name=name), make_account()
    person.account = account
    person.save()
    return person, account


def call(person: Person, name: str) -> None:
    give_consent(person, Purpose.NAMED, person.account, language="en", name=name)


def take_back(person: Person) -> None:
    withdraw_consent(person, Purpose.NAMED, make_account("administrator"))


def everything_said() -> str:
    """All names and texts of the programme, in rows."""
    texts = SessionText.objects.values_list("title", "subtitle", "abstract", "description", "session__slug")
    return str([*texts, *Person.objects.values_list("name", "biography")])


@pytest.mark.parametrize("name", [FIRST, unicodedata.normalize("NFD", "Zoë Ångström"), "🌊"])
def test_a_file_without_identities_knows_who_is_called_otherwise_now(name: str) -> None:
    take(tree(name, has_ids=False))
    person, _account = claimed(name)
    call(person, LATER)
    take(tree(name, has_ids=False))
    assert set(Person.objects.values_list("name", flat=True)) == {"Second Sample", LATER}
    assert Person.objects.count() == 2
    assert Credit.objects.filter(person=person).count() == 1


def test_so_does_one_that_gained_or_lost_identities() -> None:
    take(tree(has_ids=False))
    person, _account = claimed()
    call(person, LATER)
    for has_ids in (True, False):
        take(tree(has_ids=has_ids))
        assert Credit.objects.filter(person=person).count() == 1
    assert Person.objects.count() == 2


def test_a_credit_that_went_and_comes_back_is_that_of_the_same_person() -> None:
    for has_ids in (True, False):
        take(tree(has_ids=has_ids))
        person, _account = claimed()
        take(without_person(tree(has_ids=has_ids)))
        assert not Credit.objects.filter(person=person).exists()
        take(tree(has_ids=has_ids))
        assert Credit.objects.filter(person=person).count() == 1
        Person.objects.filter(pk=person.pk).update(account=None)


@pytest.mark.parametrize("has_ids", [True, False])
def test_each_name_that_one_had_is_taken_back(has_ids: bool) -> None:
    """In the texts that stand there, and in those of a later file."""
    told = tree(title=f"{FIRST} meets {LATER}", has_ids=has_ids)
    take(told)
    person, account = claimed()
    call(person, LATER)
    call(person, "Wren Ashgrove")
    withdraw_consent(person, Purpose.NAMED, account)
    assert "Quill" not in everything_said()
    assert "Sable" not in everything_said()
    for name in (FIRST, LATER, "Wren Ashgrove"):
        again = tree(name, title=f"An evening of {name}", has_ids=has_ids)
        take(again)
        assert not any(part in everything_said() for part in name.split())
        assert Credit.objects.filter(person=person).count() == 1


def test_a_name_that_a_file_changed_is_taken_back_with_the_one_after_it() -> None:
    take(tree(title=f"An evening with {FIRST}"))
    take(tree(LATER, title=f"An evening with {FIRST}"))
    take_back(Person.objects.get(name=LATER))
    assert f"An evening with [{REMOVED}]" in everything_said()
    take(tree(FIRST, title=f"An evening with {LATER} and {FIRST}", has_ids=False))
    assert f"An evening with [{REMOVED}] and [{REMOVED}]" in everything_said()


def test_an_earlier_name_stands_nowhere_as_it_was_written() -> None:
    take(tree())
    take(tree(LATER))
    assert FIRST not in everything_said()
    marks = NameMark.objects.all()
    assert [(mark.length, mark.is_telling, len(bytes(mark.mark))) for mark in marks] == [(2, True, 32)]


def test_a_session_that_credits_one_no_more_is_cleared_too() -> None:
    """A name of one word too: there it is no word like any other."""
    event = make_event("nights")
    now = make_session(event, "Who asks?", persons=("May",))
    person = Person.objects.get()
    before, other = make_session(event, "Tea with May"), make_session(event, "The month of May")
    FormerCredit.objects.create(session=before, person=person)
    take_back(person)
    titles = {row.session_id: row.title for row in SessionText.objects.all()}
    assert titles == {now.pk: "Who asks?", before.pk: f"Tea with [{REMOVED}]", other.pk: "The month of May"}


@pytest.mark.parametrize("has_ids", [True, False])
def test_an_import_remembers_whom_a_session_credited(has_ids: bool) -> None:
    told = tree("May", title="Tea with May", has_ids=has_ids)
    take(told)
    person, account = claimed("May")
    take(without_person(told))
    assert [row.person for row in FormerCredit.objects.all()] == [person]
    withdraw_consent(person, Purpose.NAMED, account)
    assert "May" not in everything_said()
    take(without_person(told))
    assert "May" not in everything_said()
    session = Session.objects.get(texts__title__contains="Tea with")
    translate_session(session, "es", {"title": "Té con May"})
    assert "May" not in everything_said()


def test_who_is_credited_nowhere_any_more_and_has_no_place_is_forgotten() -> None:
    take(tree())
    take(without_person(tree()))
    assert not Person.objects.filter(name=FIRST).exists()
    assert not FormerCredit.objects.exists()


@pytest.mark.parametrize(("name", "has_ids"), [(FIRST, True), (FIRST, False), ("May", True)])
def test_whom_a_text_still_names_can_be_taken_out_of_it(name: str, has_ids: bool) -> None:
    """Though nothing credits them any more and nobody has claimed them."""
    told = tree(name, title=f"Tea with {name}", has_ids=has_ids)
    take(told)
    take(without_person(told))
    person = Person.objects.get(name=name)
    take(without_person(told))
    take_back(person)
    assert f"Tea with [{REMOVED}]" in everything_said()
    take(without_person(told))
    assert name not in everything_said()


def test_and_is_forgotten_once_no_text_names_them() -> None:
    take(tree(title=f"Tea with {FIRST}"))
    take(without_person(tree(title=f"Tea with {FIRST}")))
    assert Person.objects.filter(name=FIRST).exists()
    take(without_person(tree(title="Tea")))
    assert not Person.objects.filter(name=FIRST).exists()
    assert not FormerCredit.objects.exists()


def test_the_name_given_anew_leaves_the_marks_of_earlier_ones() -> None:
    take(tree(has_ids=False))
    person, account = claimed()
    withdraw_consent(person, Purpose.NAMED, account)
    person.refresh_from_db()
    call(person, LATER)
    Withheld.objects.all().delete()
    take(tree(has_ids=False))
    assert set(Person.objects.values_list("name", flat=True)) == {"Second Sample", LATER}
    assert Person.objects.count() == 2


@pytest.fixture
def keys(tmp_path: Path, settings: Settings) -> KeyStore:
    settings.KEYS = KeyStore(tmp_path)
    return settings.KEYS


def test_reading_makes_no_key(keys: KeyStore) -> None:
    told = tree()
    take(told)
    import_preview(parse(as_bytes(told)), "nights")
    assert not keys.has(KEY)
    take_back(Person.objects.get(name=FIRST))
    assert keys.has(KEY)


def test_a_key_that_is_gone_is_missed(keys: KeyStore, capsys: pytest.CaptureFixture[str]) -> None:
    """Under a new one no mark would be known again, and the names would come back."""
    told = tree()
    take(told)
    take_back(Person.objects.get(name=FIRST))
    keys.destroy(KEY)
    with pytest.raises(LostKey):
        import_preview(parse(as_bytes(told)), "nights")
    with pytest.raises(LostKey):
        take(told)
    person = Person.objects.get(name="Second Sample")
    staff = sign_in(Client(raise_request_exception=False), make_account("administrator"))
    answer = staff.post(f"/staff/persons/{person.public_id}/withdraw/named/", {"sure": "yes"})
    assert (answer.status_code, "A key of this site is missing" in answer.content.decode()) == (503, True)
    assert main(["event", "import", str(FILES / "small.json"), "--slug", "nights"]) == 2
    assert capsys.readouterr().err == f"tertulia: {LOST}\n"
    assert not keys.has(KEY)
    person.refresh_from_db()
    assert person.name == "Second Sample"


def test_an_import_asks_the_same_number_of_times_for_one_mark_and_for_three() -> None:
    counts = []
    for number in range(3):
        take(tree(f"Quillfeather {number}"))
        told = parse(as_bytes(tree(f"Quillfeather {number}")))
        with CaptureQueriesContext(connection) as counted:
            import_preview(told, "nights")
        counts.append(len(counted))
    assert len(set(counts)) == 1
