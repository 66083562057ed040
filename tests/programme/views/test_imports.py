"""The staff's import: looking changes nothing, confirming imports, and only organisers do either."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tertulia.programme.formats.schedule_json import parse
from tertulia.programme.forms.imports import packed, unpacked
from tertulia.programme.models import Event, Session
from tests.factories import make_account, make_event
from tests.factories.people import sign_in
from tests.programme.schedules import FILES, as_bytes, session_of, small

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
    assert Event.objects.get().slug == "autumn"


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


def test_packing_keeps_every_byte() -> None:
    raw = bytes(range(256)) * 100
    assert unpacked(packed(raw)) == raw


def test_an_organiser_of_one_event_imports_into_that_alone(client: Client) -> None:
    make_event("mine")
    sign_in(client, make_account("organiser", scope="mine"))
    content = (FILES / "small.json").read_bytes()
    for slug, status in (("other", 422), ("mine", 302)):
        assert client.post(ADDRESS, {"packed": packed(content), "slug": slug}).status_code == status
    assert set(Session.objects.values_list("event__slug", flat=True)) == {"mine"}


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
        assert str(thing).encode() in page.content
        for address in ("new/", f"edit/{thing.pk}/", f"delete/{thing.pk}/"):
            assert organiser.get(f"/staff/{name}/{address}").status_code == 302
            assert organiser.post(f"/staff/{name}/{address}", {"slug": "spoilt"}).status_code == 302
    assert not Session.objects.filter(slug="spoilt").exists()
    assert Event.objects.get().slug == "small-nights"
    assert Session.objects.count() == 3
