"""A page in Arabic is Arabic from beginning to end, and written from the right: every page, as everybody sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone, translation

from tertulia.live.actions import open_rooms
from tertulia.people.models import Account, Person
from tertulia.programme.models import Event
from tertulia.project import messages
from tests.architecture.access import ROLES, Route
from tests.architecture.house import report
from tests.architecture.reader import Reader
from tests.architecture.routes import routes
from tests.architecture.test_translations import HOW, PLACEHOLDER, SAME, TAG, entries, forms
from tests.factories import let_in, make_account, make_event, make_room, make_session
from tests.factories.people import sign_in
from tests.factories.programme import make_slot


@cache
def english() -> re.Pattern[str]:
    """Any piece of a page that is said in English, and that Arabic says in other words."""
    said = (form for message in entries(messages.catalogue_of("ar")) for form in forms(message.id))
    pieces = {piece.strip() for form in said if form not in SAME["ar"] for piece in TAG.split(form)}
    return re.compile("|".join(f"(?:{with_anything(piece)})" for piece in pieces if has_words(piece)))


def has_words(piece: str) -> bool:
    """Whether something is left of the piece without its placeholders."""
    return re.search(r"[a-z]{2}", PLACEHOLDER.sub("", piece)) is not None


def with_anything(piece: str) -> str:
    """A pattern of the piece with anything in the place of its placeholders."""
    return ".+".join(re.escape(" ".join(part.split())) for part in PLACEHOLDER.split(piece))


def test_english_is_recognised() -> None:
    said = ["Leave quickly", "Page 2 of 3", "09:00 yours", "clock of"]
    assert [bool(english().fullmatch(words)) for words in [*said, "مغادرة سريعة", "Lisbon"]] == [True] * 4 + [False] * 2


def look(page: str) -> None:
    """Nothing of it is English, and it is written from the right."""
    reader = Reader("ar")
    reader.feed(page)
    assert (reader.page.get("lang"), reader.page.get("dir")) == ("ar", "rtl")
    assert len(reader.pieces) > 3
    report((piece for piece in reader.pieces if english().fullmatch(piece)), "this page is not whole in Arabic", HOW)


def shown() -> Iterator[tuple[Route, str]]:
    """Each row of an address that shows something, with each role that sees it (who may everything sees the most)."""
    for route in routes():
        yield from ((route, role) for role in ROLES[:3] if route.get and route.get.to(role) in (200, 403, 404))


def called(part: Route | str) -> str:
    return part if isinstance(part, str) else f"{part.name} {part.about}".strip()


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "role"), list(shown()), ids=called)
def test_every_page_of_ours_is_whole_in_arabic(route: Route, role: str, client: Client) -> None:
    account = None if role == "visitor" else make_account(role)
    if account:
        sign_in(client, account)
    with translation.override("ar"):
        place = route.place(account or make_account("participant"))
    client.raise_request_exception = False
    page = client.get(place, headers={"accept-language": "ar"})
    if page.get("Content-Type", "").startswith("text/html"):
        look(page.content.decode())


@pytest.fixture
def event() -> Event:
    """An event with one of everything; what it says itself is no Arabic, and no word of ours."""
    event = make_event("otono", "Otoño")
    twice = make_session(event, "Voces", track="Ciencia", session_type="Charla", persons=("Ana Flores",))
    make_slot(twice, timezone.now(), make_room(event, "Sala"))
    make_session(event, "Versos", hour=14, language="es", do_not_record=True)
    open_rooms(event)
    return event


@pytest.fixture
def participant(event: Event) -> Account:
    """Somebody who is in at the event."""
    account = make_account()
    let_in(account, event, "Colibri")
    return account


PLACES = [
    "/ar/",
    "/ar/nothing/",
    "/ar/events/",
    "/ar/events/otono/",
    "/ar/events/otono/programme/",
    "/ar/events/otono/programme/?track=Ciencia&type=nada",
    "/ar/events/otono/join/",
    "/ar/come-back/",
    "/ar/preferences/",
    "/ar/me/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("is_in", [False, True], ids=["visitor", "participant"])
def test_a_festival_is_whole_in_arabic(client: Client, event: Event, participant: Account, *, is_in: bool) -> None:
    if is_in:
        client.force_login(participant)
    client.cookies["zone"] = "America/Lima"
    places = [
        *PLACES,
        *(f"/ar/live/{room.public_id}/" for room in event.live_rooms.all()),
        *(f"/ar/events/otono/sessions/{session.slug}/" for session in event.sessions.all()),
        f"/ar/events/otono/contributors/{Person.objects.get().public_id}/",
    ]
    for place in places:
        look(client.get(place, follow=True).content.decode())


@pytest.mark.parametrize("answer", ["400", "403_csrf", "500"])
def test_a_page_of_distress_is_whole_in_arabic(answer: str) -> None:
    with translation.override("ar"):
        look(render_to_string(f"{answer}.html"))
