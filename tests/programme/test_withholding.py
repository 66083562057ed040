"""A name that was taken back: searched for everywhere as a canary, before and after."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from tertulia.design import pictures
from tertulia.design.cards import Card
from tertulia.design.drawing import Picture
from tertulia.people.actions import expire_consents, give_consent, withdraw_consent
from tertulia.people.models import Account, Consent, Person, Purpose
from tertulia.people.queries.consent import has_consent
from tertulia.programme.actions.schedule import import_schedule
from tertulia.programme.actions.texts import translate_session, word_event
from tertulia.programme.formats.schedule_json import parse, render
from tertulia.programme.models import Credit, Event, EventText, Session, SessionText, Withheld
from tertulia.programme.queries.imports import ImportReport
from tertulia.programme.queries.programme import programme_of
from tertulia.programme.queries.schedule import schedule_of
from tertulia.project.worker import drain
from tests.factories import make_account, make_event, make_session
from tests.factories.people import sign_in
from tests.programme.schedules import as_bytes, session_of, sessions_of, small

pytestmark = pytest.mark.django_db
CANARY = "Quillfeather Marrowby"
OF_IT = re.compile("quillfeather|marrowby", re.IGNORECASE)
REMOVED = "removed at someone’s request"
PREFIXES = ("", "/ar")


def named(tree: dict[str, Any]) -> dict[str, Any]:
    """The small festival in which the first session says the canary in each of its fields, and others too."""
    first, second = session_of(tree), session_of(tree, 1)
    first["persons"][0] |= {"public_name": CANARY, "biography": f"{CANARY} writes."}
    first |= {
        "title": f"An evening with {CANARY}",
        "slug": "an-evening-with-quillfeather-marrowby",
        "subtitle": f"{CANARY.upper()}, live",
        "abstract": f"<p>{CANARY} reads.</p>",
        "description": "After quillfeather\nmarrowby: silence.",
    }
    second["abstract"] = f"In memory of an evening with {CANARY}."
    second["persons"][0]["biography"] = f"Worked with {CANARY}."
    return tree


def without_ids(tree: dict[str, Any]) -> dict[str, Any]:
    for session in sessions_of(tree):
        for person in session["persons"]:
            person.pop("id"), person.pop("code")
    return tree


def take(tree: object) -> ImportReport:
    return import_schedule(parse(as_bytes(tree)), "nights")


def rows() -> Iterator[str]:
    """Every value of every row of every table: task queue, sessions, logs of edits and all."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and model._meta.db_table in connection.introspection.table_names():
            for row in model._default_manager.values_list():
                yield f"{model._meta.label}: {row}"


def pages(staff: Client | None = None) -> dict[str, str]:
    """Every public page, file and card address of the programme, and the staff's, by address."""
    client, found = Client(), {}
    slugs = Session.objects.values_list("slug", flat=True)
    people = Person.objects.values_list("public_id", flat=True)
    paths = ["/", "/events/", "/events/nights/", "/events/nights/programme/"]
    paths += [f"/events/nights/sessions/{slug}/" for slug in slugs]
    paths += [f"/events/nights/contributors/{public_id}/" for public_id in people]
    for path in [*(prefix + path for prefix in PREFIXES for path in paths), "/events/nights/programme.json"]:
        answer = client.get(path)
        found[path] = f"{answer.status_code} {answer.headers} {answer.content.decode()}"
        if answer.context and "share" in answer.context:
            found[path] += str(answer.context["share"])
    if staff:
        for path in ("/staff/", "/staff/sessions/", "/staff/persons/", *(f"/staff/persons/{one}/" for one in people)):
            found[path] = staff.get(path).content.decode()
    return found


def saying_it(said: dict[str, str]) -> list[str]:
    return sorted(path for path, text in said.items() if OF_IT.search(path + text))


def card_of(session: Session) -> str:
    """The address of the picture of a session."""
    return card_at(f"/events/nights/sessions/{session.slug}/")


def card_at(path: str) -> str:
    page = Client().get(path).content.decode()
    return re.findall(r'property="og:image" content="http://127.0.0.1:8000([^"]*)"', page)[0]


@pytest.fixture(params=["with ids", "without ids"])
def tree(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A file that names its persons by identities, and one that has none."""
    return named(small()) if request.param == "with ids" else without_ids(named(small()))


@pytest.fixture
def event(tree: dict[str, Any]) -> Event:
    take(tree)
    event = Event.objects.get()
    session = Session.objects.get(slug__contains="quillfeather")
    words = {"title": f"Una noche con {CANARY}", "description": f"Con {CANARY}."}
    translate_session(session, "es", words)
    return event


@pytest.fixture
def person(event: Event) -> Person:
    return Person.objects.get(name=CANARY)


def by_oneself(person: Person) -> None:
    account = make_account()
    Person.objects.filter(pk=person.pk).update(account=account)
    client = sign_in(Client(), account)
    assert CANARY in client.get("/me/what-we-know/").content.decode()
    path = f"/me/consents/{person.public_id}/named/take-back/"
    assert client.post(path, follow=True).status_code == 200
    assert not OF_IT.search(client.get("/me/what-we-know/").content.decode())


def by_staff(person: Person) -> None:
    client = sign_in(Client(), make_account("administrator"))
    assert (
        client.post(f"/staff/persons/{person.public_id}/withdraw/named/", {"sure": "yes"}, follow=True).status_code
        == 200
    )


def by_time(person: Person) -> None:
    account = make_account()
    Person.objects.filter(pk=person.pk).update(account=account)
    give_consent(Person.objects.get(pk=person.pk), Purpose.NAMED, account, language="en")
    Consent.objects.update(until=timezone.now().date() - timedelta(days=1))
    assert expire_consents() == 1


@pytest.mark.parametrize("withdraw", [by_oneself, by_staff, by_time])
def test_no_page_file_card_log_or_row_says_the_name(
    person: Person, withdraw: Callable[[Person], None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    session = Session.objects.get(credits__person=person)
    staff = sign_in(Client(), make_account("administrator"))
    before = saying_it(pages(staff))
    assert len(before) > 2 * 4, "the canary is looked for where it was"
    assert [row for row in rows() if OF_IT.search(row)]
    caplog.clear()
    withdraw(person)
    after = pages(staff)
    assert saying_it(after) == []
    assert [row for row in rows() if OF_IT.search(row)] == []
    assert not OF_IT.search(caplog.text)
    session.refresh_from_db()
    assert not OF_IT.search(card_of(session))


def test_pictures_that_said_it_go(person: Person, tmp_path: Path, settings: Settings) -> None:
    settings.CARDS_FOLDER = tmp_path
    drain()  # what the import itself put off
    session = Session.objects.get(credits__person=person)
    older = card_of(session)
    assert Client().get(older).status_code == 200
    assert [path.parent.name for path in tmp_path.rglob("*.png")] == [f"session-{session.pk}"]
    by_staff(person)
    drain()
    assert list(tmp_path.rglob("*.png")) == []
    # The address said the name; nobody answers there any more.
    assert Client().get(older).status_code == 404
    session.refresh_from_db()
    moved = older.replace("an-evening-with-quillfeather-marrowby", session.slug)
    assert Client().get(moved)["Location"] == card_of(session)


def test_the_picture_of_the_event_goes_with_its_words(person: Person, tmp_path: Path, settings: Settings) -> None:
    settings.CARDS_FOLDER = tmp_path
    event = Event.objects.get()
    EventText.objects.update(title=f"Nights of {CANARY}")
    drain()
    client = Client()
    assert client.get(card_at("/events/nights/")).status_code == 200
    assert [path.parent.name for path in tmp_path.rglob("*.png")] == [f"event-{event.pk}"]
    by_staff(person)
    drain()
    assert list(tmp_path.rglob("*.png")) == []


@pytest.mark.parametrize("of", ["event", "session"])
def test_what_is_drawn_while_the_name_is_taken_back_is_not_kept(
    person: Person, of: str, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CARDS_FOLDER = tmp_path
    EventText.objects.update(title=f"Nights of {CANARY}")
    session = Session.objects.get(credits__person=person)
    older = card_at("/events/nights/") if of == "event" else card_of(session)
    drain()
    draw = pictures.draw

    def drawn_late(card: Card) -> Picture:
        picture = draw(card)
        if Person.objects.get(pk=person.pk).name:
            by_staff(person)
            drain()
        return picture

    monkeypatch.setattr(pictures, "draw", drawn_late)
    answer = Client().get(older)
    assert (answer.status_code in (404, 503), list(tmp_path.rglob("*.png"))) == (True, [])


def test_in_its_place_stands_that_it_was_removed(person: Person, client: Client) -> None:
    by_staff(person)
    session = Session.objects.get(credits__person=person)
    assert session.slug == "an-evening-with"
    page = client.get(f"/events/nights/sessions/{session.slug}/").content.decode()
    assert f"An evening with [{REMOVED}]" in page
    assert f"<h3>{REMOVED}</h3>" in page
    assert REMOVED in client.get("/events/nights/programme/").content.decode()
    spanish = SessionText.objects.get(session=session, language="es")
    assert spanish.title.startswith("Una noche con [se ") or REMOVED in spanish.title
    gone = client.get(f"/events/nights/contributors/{person.public_id}/")
    assert gone.status_code == 410
    assert "noindex" in gone.content.decode()
    second = client.get("/events/nights/sessions/versos-de-noche/")
    assert second.status_code == 200


def test_others_keep_their_names(person: Person) -> None:
    by_staff(person)
    assert sorted(Person.objects.values_list("name", flat=True)) == ["", "Second Sample"]
    told = schedule_of(Event.objects.get())
    assert [[one.name for one in session.contributors] for session in told.sessions] == [
        ["Second Sample"],
        ["Second Sample"],
        [],
    ]


def test_the_export_reads_back(person: Person) -> None:
    by_staff(person)
    told = schedule_of(Event.objects.get())
    assert parse(render(told)).schedule == told


def test_a_later_file_does_not_bring_the_name_back(person: Person, tree: dict[str, Any]) -> None:
    by_staff(person)
    for _again in range(2):
        report = take(tree)
        assert (report.added, report.removed) == (0, 0)
        assert saying_it(pages()) == []
        assert [row for row in rows() if OF_IT.search(row)] == []
    assert take(tree).changed == 0
    assert Credit.objects.get(person=person).session.slug == "an-evening-with"


def test_nor_does_one_after_the_person_was_gone_from_the_programme(person: Person, tree: dict[str, Any]) -> None:
    by_staff(person)
    without = json.loads(json.dumps(tree))
    session_of(without)["persons"].pop(0)
    take(without)
    assert not Credit.objects.filter(person=person).exists()
    assert saying_it(pages()) == []
    take(tree)
    assert saying_it(pages()) == []
    assert Credit.objects.filter(person=person).count() == 1
    new = json.loads(json.dumps(tree))
    session_of(new)["guid"] = "5b1a2b0e-0000-4000-8000-00000000ffff"
    take(new)
    assert saying_it(pages()) == []
    assert [row for row in rows() if OF_IT.search(row)] == []


def test_nor_does_the_first_file_after_it_gained_or_lost_identities(person: Person, tree: dict[str, Any]) -> None:
    by_staff(person)
    has_ids = "code" in session_of(tree)["persons"][0]
    take(without_ids(named(small())) if has_ids else named(small()))
    assert saying_it(pages()) == []


def test_who_gives_it_again_is_named_by_the_next_file(person: Person, tree: dict[str, Any]) -> None:
    by_oneself(person)
    account = Account.objects.get(persons=person)
    person.refresh_from_db()
    give_consent(person, Purpose.NAMED, account, language="en", name=CANARY)
    assert saying_it(pages())
    drain()
    assert not Withheld.objects.exists()
    take(tree)
    person.refresh_from_db()
    assert (person.name, person.biography) == (CANARY, f"{CANARY} writes.")
    assert SessionText.objects.filter(title=f"An evening with {CANARY}").count() == 1


def test_who_has_joined_a_credit_to_their_place_decides_alone_how_it_reads(
    person: Person, tree: dict[str, Any]
) -> None:
    Person.objects.filter(pk=person.pk).update(account=make_account())
    person.refresh_from_db()
    give_consent(person, Purpose.NAMED, person.account, language="en", name="Q. Marrow")
    take(tree)
    person.refresh_from_db()
    assert (person.name, person.biography) == ("Q. Marrow", f"{CANARY} writes.")


def test_it_holds_before_anybody_has_called_it_over(person: Person, client: Client) -> None:
    """The row still says the name: what is shown is asked anew each time."""
    account = make_account()
    Person.objects.filter(pk=person.pk).update(account=account)
    give_consent(Person.objects.get(pk=person.pk), Purpose.NAMED, account, language="en")
    Consent.objects.update(until=timezone.now().date() - timedelta(days=1))
    SessionText.objects.update(title="Untitled", subtitle="", abstract="", description="")
    Person.objects.exclude(pk=person.pk).update(biography="")
    Session.objects.filter(credits__person=person).update(slug="untitled")
    assert Person.objects.get(pk=person.pk).name == CANARY
    assert not has_consent(person, Purpose.NAMED)
    assert saying_it(pages()) == []
    assert client.get(f"/events/nights/contributors/{person.public_id}/").status_code == 410


def test_who_types_the_name_again_is_not_listened_to(person: Person) -> None:
    by_staff(person)
    session = Session.objects.get(credits__person=person)
    translate_session(session, "es", {"title": f"Con {CANARY}"})
    word_event(session.event, "en", f"Nights of {CANARY}", CANARY)
    assert saying_it(pages()) == []


def test_other_purposes_leave_the_programme_as_it_is(person: Person) -> None:
    account = make_account()
    Person.objects.filter(pk=person.pk).update(account=account)
    person.refresh_from_db()
    give_consent(person, Purpose.QUOTED, account, language="en")
    withdraw_consent(person, Purpose.QUOTED, account)
    assert saying_it(pages())
    assert not Withheld.objects.exists()


def test_the_programme_asks_the_same_number_of_times() -> None:
    event = make_event("nights")
    counts = []
    for number in range(3):
        make_session(event, "A panel", persons=(f"Ana {number}", f"Bela {number}"))
        withdraw_consent(Person.objects.get(name=f"Ana {number}"), Purpose.NAMED, make_account("administrator"))
        with CaptureQueriesContext(connection) as counted:
            names = [name for day in programme_of(event, "en").days for airing in day.airings for name in airing.names]
        counts.append(len(counted))
    assert sorted(names) == ["Bela 0", "Bela 1", "Bela 2", *[REMOVED] * 3]
    assert len(set(counts)) == 1
