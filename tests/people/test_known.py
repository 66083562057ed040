"""The page that shows everything held, the file, and the inbox."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format

from tertulia.home.models import HomePage
from tertulia.live.actions import open_rooms
from tertulia.people.actions import appoint, give_consent, make_new_way_back, notify, read_notice
from tertulia.people.models import Account, Consent, Notice, Purpose, StaffRole
from tertulia.people.queries.consent import wording
from tertulia.people.queries.held import identity_fields
from tertulia.programme.actions.counting import say_how_many, say_where_from
from tertulia.programme.models import Event
from tests.factories import let_in, make_account, make_credited, make_event, make_person, make_room, make_session
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db
FILE = "/me/what-we-know.json"


def held(client: Client) -> dict[str, list[dict[str, Any]]]:
    """The rows of the file, by section."""
    return {section["name"]: section["held"] for section in json.loads(client.get(FILE).content)["sections"]}


def names(client: Client) -> dict[str, list[str]]:
    return {section: [row["name"] for row in rows] for section, rows in held(client).items()}


@pytest.fixture
def account() -> Account:
    return make_account()


@pytest.fixture
def inside(client: Client, account: Account) -> Client:
    return sign_in(client, account)


def come_in(account: Account, name: str = "Wren") -> None:
    event = make_event(title=f"Nights of {name}")
    make_room(event)
    open_rooms(event)
    let_in(account, event, name)


def test_who_just_came_reads_three_lines(inside: Client) -> None:
    assert names(inside) == {"account": ["account", "way_back", "sessions"]}


def test_who_takes_part_is_told_from_others_by_four_things(inside: Client, account: Account) -> None:
    for name in ("Wren", "Heron"):
        come_in(account, name)
    assert names(inside) == {
        "account": ["account", "way_back", "sessions"],
        "events": ["chosen_name", "chosen_name"],
        "talk": ["author", "author"],
        "words": ["words", "words"],
    }
    # A mark is made when one first speaks; asking what is held makes none.
    assert identity_fields(account) == ["account", "way_back", "chosen_name"]
    values = [row["value"] for row in held(inside)["events"]]
    assert sorted(values) == ["Heron", "Wren"]


def test_that_the_words_themselves_stand_in_rooms_has_a_line_of_its_own(inside: Client, account: Account) -> None:
    come_in(account)
    event = Event.objects.get()
    make_room(event, "Yellow Stage")
    open_rooms(event)
    [row] = held(inside)["words"]
    assert row["what"] == "Your words in the rooms of “Nights of Wren”"
    assert row["value"] == "What you wrote stands in its rooms, sealed; this event has 2. It is not listed here."
    assert row["ends"] == "When you delete it in its room; at the latest 30 days after the event is closed."
    assert row["take_back"] == f"/events/{event.slug}/"
    page = inside.get("/me/what-we-know/").content.decode()
    assert [row[said] in page for said in ("what", "value", "ends")] == [True, True, True]
    event.live_rooms.update(is_erased=True)
    assert "words" not in held(inside)


def test_who_was_counted_reads_that_and_not_what(inside: Client, account: Account) -> None:
    come_in(account)
    say_where_from(account.participations.get(), "UY")
    say_how_many(account.participations.get(), 4)
    assert [(row["name"], row["value"]) for row in held(inside)["answers"]] == [
        ("answered", "Nights of Wren: where you join from"),
        ("answered", "Nights of Wren: how many share your screen"),
    ]
    assert "UY" not in inside.get(FILE).content.decode()
    assert "Uruguay" not in inside.get("/me/what-we-know/").content.decode()
    assert len(identity_fields(account)) < 5


def test_who_contributes_reads_the_credit_and_each_consent(inside: Client, account: Account) -> None:
    person = make_person("Ana Flores", account)
    person.biography = "A sample."
    person.save()
    session = make_session(make_event(title="Small nights"), "Who asks?")
    session.credits.create(person=person)
    give_consent(person, Purpose.QUOTED, account, language="en")
    notify(person, "people.claimed")
    make_new_way_back(account)
    assert names(inside) == {
        "account": ["account", "way_back", "new_way_back", "sessions"],
        "person": ["credited_name", "biography", "consent_quoted"],
        "notices": ["notice"],
        "credits": ["credit"],
    }
    page = inside.get("/me/what-we-know/").content.decode()
    for row in [row for rows in held(inside).values() for row in rows]:
        assert row["take_back"] in page
        assert all(row[field] for field in ("what", "value", "why", "ends")), row


def test_who_agreed_to_being_named_reads_to_which_words_and_since_when(inside: Client, account: Account) -> None:
    person = make_credited("Ana Flores", account)
    give_consent(person, Purpose.NAMED, account, language="es")
    [_name, words] = held(inside)["person"]
    month = date_format(Consent.objects.get().given, "YEAR_MONTH_FORMAT")
    assert (words["name"], words["value"]) == ("consent_named", wording(Purpose.NAMED, "es").text)
    assert words["why"] == (f"You agreed to these words in {month}. They are version 1, in this language: Spanish.")
    staff = sign_in(Client(), make_account("administrator"))
    shown = staff.get(f"/staff/persons/{person.public_id}/").content.decode()
    assert f"({month}, version 1, Spanish)" in shown


def test_who_is_called_otherwise_now_reads_what_is_left_of_before(inside: Client, account: Account) -> None:
    person = make_person("Ana Flores", account)
    event = make_event(title="Small nights")
    make_session(event, "Who asks?").credits.create(person=person)
    make_session(event, "Tea").former_credits.create(person=person)
    give_consent(person, Purpose.NAMED, account, language="en", name="A. Flores")
    rows = held(inside)["credits"]
    assert [(row["name"], row["value"]) for row in rows] == [
        ("credit", "Who asks? · Small nights"),
        ("former_credit", "Tea · Small nights"),
        ("name_marks", "1"),
    ]
    assert "Ana Flores" not in inside.get(FILE).content.decode()


def test_each_notice_is_a_line(inside: Client, account: Account) -> None:
    person = make_person("Ana Flores", account)
    row = give_consent(person, Purpose.QUOTED, account, language="en")
    read = notify(person, "people.claimed")
    read_notice(account, read.public_id)
    notify(person, "people.consent_over", str(row.pk))
    month = date_format(read.month, "YEAR_MONTH_FORMAT")
    assert [(row["what"], row["value"]) for row in held(inside)["notices"]] == [
        (f"A notice of {month}, unread", "The time for which you agreed is over: being quoted."),
        (
            f"A notice of {month}, which you have read",
            "A credit belongs to your place now. You can take it back at any time.",
        ),
    ]


def test_each_line_that_can_be_taken_back_leads_there(inside: Client, account: Account) -> None:
    give_consent(make_person("Ana Flores", account), Purpose.QUOTED, account, language="en")
    come_in(account)
    ways = {row["take_back"] for rows in held(inside).values() for row in rows if row["take_back"]}
    assert len(ways) == 7
    assert {path: inside.get(path).status_code for path in ways} == dict.fromkeys(ways, 200)


def test_a_line_without_a_way_back_says_how_it_is(client: Client) -> None:
    staff = sign_in(client, make_account("organiser", "Blue desk"))
    page = staff.get("/me/what-we-know/").content.decode()
    words = ("It cannot be taken back.", "An administrator takes it away.")
    assert [page.count(said) for said in (*words, "–")] == [2, 1, 0]
    account = make_account()
    come_in(account)
    say_where_from(account.participations.get(), "UY")
    assert "It goes by itself." in sign_in(Client(), account).get("/me/what-we-know/").content.decode()


def test_staff_read_their_roles(client: Client) -> None:
    staff = make_account("organiser", "Blue desk")
    appoint(staff, StaffRole.ADMINISTRATOR)
    sign_in(client, staff)
    assert names(client)["account"] == ["account", "sessions", "pseudonym", "appointments", "appointments"]
    assert "/me/delete/" not in client.get("/me/what-we-know/").content.decode()


def test_staff_read_how_much_the_staff_screens_keep_of_them(client: Client) -> None:
    staff = sign_in(client, make_account("administrator"))
    assert "editing" not in names(staff)
    page = HomePage.objects.get()
    page.save_revision(user=Account.objects.get(), log_action=True)
    # The text of the page, and the line in the log of edits.
    assert [row["value"] for row in held(staff)["editing"]] == ["2"]


def test_it_is_a_file_that_nobody_keeps(inside: Client) -> None:
    answer = inside.get(FILE)
    assert answer["Content-Disposition"] == 'attachment; filename="what-we-know.json"'
    assert "no-store" in answer["Cache-Control"]
    told = json.loads(answer.content)
    assert list(told) == ["made", "sections"]
    assert list(told["sections"][0]) == ["name", "title", "held"]
    assert list(told["sections"][0]["held"][0]) == ["name", "what", "value", "why", "ends", "take_back", "tells_who"]


def test_nothing_of_others_is_shown(inside: Client) -> None:
    other = make_account()
    come_in(other, "Plover")
    person = make_person("Ana Flores", other)
    give_consent(person, Purpose.QUOTED, other, language="en")
    notify(person, "people.claimed")
    assert names(inside) == {"account": ["account", "way_back", "sessions"]}


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert client.get(path).status_code == 200
    return len(counted)


@pytest.mark.parametrize("path", ["/me/what-we-know/", FILE])
def test_it_asks_the_same_number_of_times_for_one_and_for_three(inside: Client, account: Account, path: str) -> None:
    def more() -> None:
        come_in(account, f"Wren {account.participations.count()}")
        person = make_person("Ana Flores", account)
        make_session(make_event(), "Who asks?").credits.create(person=person)
        give_consent(person, Purpose.QUOTED, account, language="en")
        notify(person, "people.claimed")

    more()
    once = queries_of(inside, path)
    more()
    more()
    assert queries_of(inside, path) == once


class TestNotices:
    def test_an_empty_inbox_says_so(self, inside: Client) -> None:
        assert "Nothing for you just now" in inside.get("/me/notices/").content.decode()
        assert "badge" not in inside.get("/me/").content.decode()

    def test_one_reads_them_and_deletes_them(self, inside: Client, account: Account) -> None:
        person = make_person("Ana Flores", account)
        for _number in range(2):
            notify(person, "people.claimed")
        assert "2 unread" in inside.get("/me/").content.decode()
        assert inside.get("/me/notices/").content.decode().count("A credit belongs to your place now.") == 2
        first = Notice.objects.first()
        assert inside.post(f"/me/notices/{first.public_id}/read/")["Location"] == "/me/notices/"
        assert "1 unread" in inside.get("/me/").content.decode()
        inside.post(f"/me/notices/{first.public_id}/delete/")
        assert Notice.objects.count() == 1
        assert inside.post(f"/me/notices/{first.public_id}/delete/").status_code == 404

    def test_a_notice_says_what_it_is_about_when_it_is_read(self, inside: Client, account: Account) -> None:
        person = make_person("Ana Flores", account)
        row = give_consent(person, Purpose.QUOTED, account, language="en")
        notify(person, "people.consent_over", str(row.pk))
        words = "The time for which you agreed is over: being quoted."
        assert words in inside.get("/me/notices/").content.decode()
        row.delete()
        assert "something that is no longer kept" in inside.get("/me/notices/").content.decode()
        Notice.objects.update(kind="nobody.says")
        assert "Something changed here." in inside.get("/me/notices/").content.decode()

    def test_only_kinds_that_somebody_offers(self, account: Account) -> None:
        with pytest.raises(LookupError):
            notify(make_person("Ana Flores", account), "nobody.says")
        assert not Notice.objects.exists()

    def test_it_asks_the_same_number_of_times(self, inside: Client, account: Account) -> None:
        person = make_person("Ana Flores", account)
        counts = []
        for _round in range(3):
            row = give_consent(person, Purpose.QUOTED, account, language="en")
            notify(person, "people.consent_over", str(row.pk))
            counts.append(queries_of(inside, "/me/notices/"))
        assert counts[0] == counts[2]
