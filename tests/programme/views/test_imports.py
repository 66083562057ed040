"""The staff's import: looking changes nothing, confirming imports, and only organisers do either."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tertulia.kit.sizes import LARGEST_FILE, LARGEST_FORM
from tertulia.programme.formats.schedule_json import parse
from tertulia.programme.forms.imports import packed, unpacked
from tertulia.programme.models import Event, Session
from tests.factories import make_account, make_event, make_session
from tests.factories.people import sign_in
from tests.programme.schedules import FILES, as_bytes, make_another, session_of, sessions_of, small

pytestmark = pytest.mark.django_db
ADDRESS = "/staff/programme/import/"


@pytest.fixture
def organiser(client: Client) -> Client:
    return sign_in(client, make_account("organiser"))


def upload(client: Client, content: bytes, **told: str) -> Any:
    return client.post(ADDRESS, {"file": SimpleUploadedFile("schedule.json", content), **told})


def test_looking_tells_the_figures_and_changes_nothing(organiser: Client) -> None:
    page = upload(organiser, (FILES / "small.json").read_bytes(), zone="Africa/Accra")
    report = page.context["report"]
    assert (report.event, report.sessions, report.rooms, report.tracks, report.contributors) == (
        "small-nights",
        3,
        2,
        2,
        2,
    )
    assert (report.added, report.changed, report.removed) == (3, 0, 0)
    assert b"says Europe/Lisbon; Africa/Accra was asked for" in page.content
    assert Event.objects.count() == 0


def test_confirming_imports_what_was_looked_at(organiser: Client) -> None:
    held = upload(organiser, (FILES / "small.json").read_bytes(), slug="autumn").context["confirm"].initial
    page = organiser.post(ADDRESS, held, follow=True)
    assert page.redirect_chain == [("/staff/events/", 302)]
    assert b"Imported into autumn. Sessions: 3 added, 0 changed, 0 removed." in page.content
    assert b'<a href="/events/autumn/programme/" class="button' in page.content
    assert Event.objects.get().slug == "autumn"


def test_it_is_told_whether_there_will_be_a_new_event(organiser: Client) -> None:
    content = (FILES / "small.json").read_bytes()
    assert b"It makes a new event at" in upload(organiser, content).content
    organiser.post(ADDRESS, {"packed": packed(content)})
    page = upload(organiser, content).content
    assert (b"It brings the event at" in page, b"Is this the right event?" in page) == (True, False)
    assert b"It makes a new event at" in upload(organiser, content, slug="autumn").content


@pytest.mark.parametrize("told", [{}, {"slug": "small-nights"}])
def test_another_events_file_is_asked_about_before_it_replaces_everything(
    organiser: Client, told: dict[str, str]
) -> None:
    organiser.post(ADDRESS, {"packed": packed((FILES / "small.json").read_bytes())})
    tree = small()
    make_another(sessions_of(tree))
    page = upload(organiser, as_bytes(tree), **told)
    said = unescape(page.content.decode())
    assert said.count("Is this the right event?") == 1
    assert "To import it withdraws all 3 sessions that are there." in said
    assert said.count("Replace the whole programme") == 1
    assert "Import it" not in said
    organiser.post(ADDRESS, page.context["confirm"].initial)
    states = Session.objects.values_list("state").annotate(Count("pk")).order_by("state")
    assert list(states) == [("confirmed", 3), ("withdrawn", 3)]


def test_a_bad_file_is_explained_beside_its_field(organiser: Client) -> None:
    tree = small()
    session_of(tree)["date"] = "never"
    page = upload(organiser, as_bytes(tree))
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["file"]
    assert "confirm" not in page.context
    place = "days[0].rooms[&#x27;Main sky&#x27;][0].date</code> (<bdi>Who asks?</bdi>) &#x27;never&#x27; is not a date"
    assert place in page.content.decode()
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"title": "x" * 70}, "x" * 59 + "…"),
        ({"title": None}, "{slug}"),
        ({"title": " ", "slug": None, "id": 7}, "7"),
        ({"title": "\x1b[31m\u202ea \ud800\n b"}, "[31ma b"),
        ({"title": ["a"], "slug": None, "id": None}, "{guid}"),
    ],
)
def test_a_rejected_piece_names_its_session(given: dict[str, Any], shown: str) -> None:
    tree = small()
    session = session_of(tree)
    shown = shown.format(**session)
    session.update(given, date="never")
    assert {rejected.session for rejected in parse(as_bytes(tree)).rejected} == {shown}


def test_another_session_under_the_same_identity_is_named() -> None:
    tree = small()
    session_of(tree, 1)["guid"] = session_of(tree)["guid"]
    (rejected,) = parse(as_bytes(tree)).rejected
    assert rejected.session == session_of(tree, 1)["title"]


@pytest.mark.parametrize("told", [{"zone": "Mars/Olympus"}, {"slug": "with space"}])
def test_a_bad_field_is_explained_where_it_stands(organiser: Client, told: dict[str, str]) -> None:
    page = upload(organiser, (FILES / "small.json").read_bytes(), **told)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == list(told)


@pytest.mark.parametrize("held", ["", "nonsense", packed(b"{}")[:-3], packed(b"{}"), packed(b" " * 30_000_000)])
def test_a_spoilt_confirmation_changes_nothing(organiser: Client, held: str) -> None:
    assert organiser.post(ADDRESS, {"packed": held}).status_code == 422
    assert Event.objects.count() == 0


def test_a_file_is_as_large_as_the_body_lets_through_and_no_larger(organiser: Client) -> None:
    held = (FILES / "small.json").read_bytes()
    largest = held + b" " * (LARGEST_FILE - len(held))
    page = upload(organiser, largest, slug="largest")
    assert page.status_code == 200
    assert organiser.post(ADDRESS, page.context["confirm"].initial).status_code == 302
    page = upload(organiser, largest + b" ")
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["file"])
    assert LARGEST_FILE < LARGEST_FORM <= 12 * 1024**2


def test_packing_keeps_every_byte() -> None:
    raw = bytes(range(256)) * 100
    assert unpacked(packed(raw)) == raw


def test_an_organiser_of_one_event_imports_into_that_alone(client: Client) -> None:
    make_event("mine")
    sign_in(client, make_account("organiser", scope="mine"))
    content = (FILES / "small.json").read_bytes()
    page = upload(client, content, slug="other")
    assert (page.status_code, list(page.context["form"].errors), "confirm" in page.context) == (422, ["slug"], False)
    assert client.post(ADDRESS, {"packed": packed(content), "slug": "other"}).status_code == 422
    held = upload(client, content, slug="mine").context["confirm"].initial
    assert client.post(ADDRESS, held).status_code == 302
    assert set(Session.objects.values_list("event__slug", flat=True)) == {"mine"}


@pytest.mark.parametrize("slug", ["Autumn_22", "autumn_22", "-autumn"])
def test_an_address_that_is_none_is_said_when_looking(organiser: Client, slug: str) -> None:
    page = upload(organiser, (FILES / "small.json").read_bytes(), slug=slug)
    assert (page.status_code, list(page.context["form"].errors), "confirm" in page.context) == (422, ["slug"], False)


def test_a_closed_event_takes_no_new_programme(organiser: Client) -> None:
    make_event("small-nights")
    content = (FILES / "small.json").read_bytes()
    held = upload(organiser, content).context["confirm"].initial
    Event.objects.update(closed_on=date(2021, 12, 1))
    page = upload(organiser, content)
    assert page.context["form"].errors == {"slug": ["This event is closed: give the new one an address of its own."]}
    assert "confirm" not in page.context
    assert organiser.post(ADDRESS, held).status_code == 422
    assert not Session.objects.exists()


def test_what_a_colleague_imported_since_is_shown_before_anything_is_withdrawn(organiser: Client) -> None:
    older, newer = small(), small()
    session_of(older)["title"] = "Who asked?"
    gone = newer["schedule"]["conference"]["days"][0]["rooms"]["Main sky"]
    del older["schedule"]["conference"]["days"][0]["rooms"]["Main sky"][1]
    assert len(gone) > 1
    organiser.post(ADDRESS, upload(organiser, as_bytes(older)).context["confirm"].initial)
    held = upload(organiser, as_bytes(older), zone="Africa/Accra").context["confirm"]
    assert organiser.post(ADDRESS, upload(organiser, as_bytes(newer)).context["confirm"].initial).status_code == 302
    page = organiser.post(ADDRESS, held.initial)
    report = page.context["report"]
    assert (page.status_code, report.removed) == (409, 1)
    assert b"changed in the meantime" in page.content
    assert not Session.objects.filter(state=Session.State.WITHDRAWN).exists()
    assert organiser.post(ADDRESS, page.context["confirm"].initial).status_code == 302
    assert Session.objects.filter(state=Session.State.WITHDRAWN).count() == 1


def test_pressed_twice_it_is_imported_once_and_said_so(organiser: Client) -> None:
    held = upload(organiser, (FILES / "small.json").read_bytes()).context["confirm"].initial
    assert organiser.post(ADDRESS, held).status_code == 302
    page = organiser.post(ADDRESS, held, follow=True)
    assert page.redirect_chain == [("/staff/events/", 302)]
    assert b"small-nights says already what this file says" in page.content
    assert Session.objects.count() == 3


def test_a_participant_does_not_see_it(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 302
    sign_in(client, make_account())
    assert client.get(ADDRESS).status_code in {302, 403}
    content = packed((FILES / "small.json").read_bytes())
    assert client.post(ADDRESS, {"packed": content}).status_code in {302, 403}
    assert Event.objects.count() == 0


def test_the_lists_are_to_read_alone(organiser: Client) -> None:
    organiser.post(ADDRESS, {"packed": packed((FILES / "small.json").read_bytes())})
    event, session = Event.objects.get(), Session.objects.first()
    assert session is not None
    for name, thing in (("events", event), ("sessions", session)):
        page = organiser.get(f"/staff/{name}/")
        assert page.status_code == 200
        assert thing.texts.get().title.encode() in page.content
        for address in ("new/", f"edit/{thing.pk}/", f"delete/{thing.pk}/"):
            assert organiser.get(f"/staff/{name}/{address}").status_code == 302
            assert organiser.post(f"/staff/{name}/{address}", {"slug": "spoilt"}).status_code == 302
    assert not Session.objects.filter(slug="spoilt").exists()
    assert Event.objects.get().slug == "small-nights"
    assert Session.objects.count() == 3


class TestLists:
    """What staff see of events and sessions: titles, times on the event's clock, and the way to the public page."""

    def rows(self, client: Client, name: str, query: str = "", **headers: str) -> list[list[str]]:
        """The cells of each row as words."""
        page = client.get(f"/staff/{name}/{query}", headers=headers).content.decode()
        body = page.split('<table class="listing', 1)[-1].split("<tbody", 1)[1].split("</tbody>")[0]
        cells = [re.findall(r"<td.*?</td>", row, re.DOTALL) for row in body.split("<tr")[1:]]
        return [[" ".join(unescape(re.sub(r"<[^>]*>", " ", cell)).split()) for cell in row] for row in cells]

    def test_events_stand_with_title_days_and_zone(self, organiser: Client) -> None:
        make_event("old", "Old nights", days=2, zone="Etc/GMT-1", first_day=date(2020, 3, 30))
        new = make_event("new", "New nights", days=2, zone="Europe/Lisbon")
        new.texts.create(language="es", title="Noches nuevas", source_revision=1)
        rows = [row[:3] for row in self.rows(organiser, "events")]
        assert rows == [
            ["New nights", "16–17 November 2021", "Lisbon"],
            ["Old nights", "30–31 March 2020", "UTC+1"],
        ]
        assert 'href="/events/new/"' in organiser.get("/staff/events/").content.decode()

    def test_sessions_stand_in_the_order_of_time_on_the_events_clock(self, organiser: Client) -> None:
        event = make_event("nights", "Small nights", zone="Etc/GMT-1")
        make_session(event, "Later", hour=23, slug="later", language="pt-BR")
        make_session(event, "Earlier", hour=9, track="Justice")
        make_session(event, "Some day").slots.all().delete()
        rows = self.rows(organiser, "sessions")
        assert [row[:4] for row in rows] == [
            ["Earlier", "16 November 2021, 10:00 (UTC+1)", "Small nights", "Justice"],
            ["Later", "17 November 2021, 00:00 (UTC+1)", "Small nights", ""],
            ["Some day", "", "Small nights", ""],
        ]
        assert [row[5:] for row in rows][:2] == [["English", "confirmed"], ["Brazilian Portuguese", "confirmed"]]
        assert 'href="/events/nights/sessions/later/"' in organiser.get("/staff/sessions/").content.decode()
        spanish = self.rows(organiser, "sessions", accept_language="es")
        assert spanish[0][1] == "16 de noviembre de 2021, 10:00 (UTC+1)"

    @pytest.mark.parametrize("name", ["events", "sessions"])
    def test_more_rows_cost_no_more_queries(self, organiser: Client, name: str) -> None:
        costs = []
        for _ in range(3):
            make_session(make_event(), "A panel", track="Justice", session_type="Panel")
            organiser.get(f"/staff/{name}/")
            with CaptureQueriesContext(connection) as queries:
                organiser.get(f"/staff/{name}/")
            costs.append(len(queries))
        assert costs[0] == costs[2]

    @pytest.mark.parametrize("name", ["events", "sessions"])
    def test_a_title_is_found(self, organiser: Client, name: str) -> None:
        for title in ("Moths", "Stars"):
            session = make_session(make_event(title=title), title)
            for thing in (session, session.event):
                thing.texts.create(language="de", title=f"{title} (de)", source_revision=1)
        assert [row[0] for row in self.rows(organiser, name, "?q=moth")] == ["Moths"]
