"""What the page of what is known says that the house does, the house does."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tertulia.kit.registry import goings
from tertulia.live.models import Room
from tertulia.live.queries import author_of, latest_talk, room_log
from tertulia.live.relay.boxes import Boxes
from tertulia.live.relay.entries import draft_message
from tertulia.people.actions import give_consent, notify
from tertulia.people.counting.buffer import LEAST_AT_THE_END
from tertulia.people.models import Account, Passkey, Purpose, Session
from tertulia.people.queries import account_behind, mark_to_keep
from tertulia.people.queries.consent import wording
from tertulia.people.rules import STAY_DAYS
from tertulia.programme.actions.closing import clear_participations
from tertulia.programme.actions.participation import come_in, rename
from tertulia.programme.models import Credit, Event, Participation
from tests.factories import let_in, make_account, make_credited, make_event, make_session
from tests.factories.passkeys import Device, make_passkey
from tests.factories.people import make_newcomer, make_participant, make_person, sign_in
from tests.live.scenes import a_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client) -> str:
    """What the page says."""
    return client.get("/privacy/").content.decode()


@pytest.fixture
def public(settings: Settings) -> dict[str, Any]:
    """What a request to the public address says, which passkeys are made for."""
    settings.ADDRESS = "https://tertulia.example"
    settings.ALLOWED_HOSTS = ["tertulia.example", "testserver"]
    return {"HTTP_HOST": "tertulia.example", "secure": True}


def said(room: Room, author: str, name: str) -> None:
    """Something that stands in the log of the room, said under `name`."""
    draft = draft_message(room.public_id, author, name, {"id": f"message-{name}", "text": "hello"})
    room_log().append([Boxes(settings.KEYS).seal(draft)])


def test_who_has_a_passkey_makes_a_new_way_back_and_ends_the_old_one(page: str, public: dict[str, Any]) -> None:
    assert "Where you are still in, or with a passkey, you make a new one in “My place”" in page
    account, lost = make_newcomer()
    device, browser = Device(settings.ADDRESS), Client()
    make_passkey(account, device)
    answer = device.prove(browser.post(reverse("people:begin_coming_back"), **public).json())
    browser.post(reverse("people:come_back_by_passkey"), {"answer": answer}, **public)
    shown = browser.post(reverse("people:way_back"), {"kind": "digits"}, follow=True, **public)
    browser.post(reverse("people:keep_way_back"), {"mark": mark_to_keep(account)}, **public)
    assert [account_behind(lost), account_behind(shown.context["phrase"])] == [None, account]


def test_whoever_is_in_by_the_way_back_can_do_the_same(page: str) -> None:
    assert "Be quick: whoever has it can do the same." in page
    account, seen = make_newcomer()
    thief = Client()
    thief.post(reverse("people:come_back"), {"phrase": seen})
    thief.post(reverse("people:way_back"), {"kind": "words"})
    thief.post(reverse("people:keep_way_back"), {"mark": mark_to_keep(account)})
    assert account_behind(seen) is None


def test_a_name_stays_on_what_was_written_when_the_place_is_deleted(page: str) -> None:
    assert "or you delete it; on what you wrote it stays until that goes" in page
    room = a_room()
    account, _phrase = make_participant(room.event, "Wren")
    said(room, author_of(account.participations.get()), "Wren")
    assert sign_in(Client(), account).post(reverse("people:delete")).status_code == 302
    assert not Participation.objects.exists()
    assert [message.name for message in latest_talk(room).messages] == ["Wren"]


def test_names_at_two_events_are_one_persons_until_their_days_are_over(page: str) -> None:
    assert "that names at different events are one person’s" in page
    account, (first, second) = make_account(), (make_event("first"), make_event("second"))
    for event, name in ((first, "Wren"), (second, "Heron")):
        come_in(event, account, name)
    assert sorted(account.participations.values_list("chosen_name", flat=True)) == ["Heron", "Wren"]
    days = timedelta(days=Participation.retention.days)
    Event.objects.filter(pk=first.pk).update(closed_on=timezone.now().date() - days)
    clear_participations()
    assert list(account.participations.values_list("chosen_name", flat=True)) == ["Heron"]


def test_a_mark_is_one_at_an_event_whatever_the_name_and_the_picture_is_drawn_from_it(page: str) -> None:
    assert "It is yours at this event alone and stays when you change your name" in page
    assert "The picture that everybody sees is drawn from it." in page
    room = a_room()
    account, _phrase = make_participant(room.event, "Wren")
    elsewhere = let_in(account, make_event("elsewhere"), "Wren")
    mark = author_of(account.participations.get(event=room.event))
    renamed = rename(account.participations.get(event=room.event), "Heron")
    assert author_of(renamed) == mark != author_of(elsewhere)
    said(room, mark, "Heron")
    reading = sign_in(Client(), make_participant(room.event, "Plover")[0]).get(f"/live/{room.public_id}/")
    assert reading.content.decode().count(reverse("live:avatar", args=[mark])) == 1


@pytest.mark.parametrize("stays", [False, True])
def test_a_session_tells_the_day_or_the_week_of_the_last_visit(page: str, client: Client, *, stays: bool) -> None:
    assert "while you are in, the day or week of your last visit" in page
    assert "with a Monday, the same for everybody who was last here in that week" in page
    _account, phrase = make_newcomer()
    client.post(reverse("people:come_back"), {"phrase": phrase, "device": "own" if stays else "shared"})
    row = Session.objects.get(account__isnull=False)
    later = (row.expires_on - timezone.now().date()).days
    assert later in (range(STAY_DAYS + 1, STAY_DAYS + 8) if stays else [1])
    assert (row.expires_on.weekday() == 0) or not stays


def test_notices_are_left_on_this_site(page: str) -> None:
    assert "offered for download, or left notices on this site." in page
    assert wording(Purpose.CONTACTED, "en").text == "You may leave me notices on this site about what comes next."


def test_staff_see_of_who_is_on_the_programme_what_they_agreed_to_and_that_they_have_a_place(page: str) -> None:
    assert "see what you agreed to and in which month, and that you have a place here, not which one." in page
    account = make_account()
    person = make_credited("Ana Flores", account)
    let_in(account, make_event("elsewhere"), "Wren")
    consent = give_consent(person, Purpose.QUOTED, account, language="en")
    staff = sign_in(Client(), make_account("administrator"))
    seen = staff.get(reverse("people_person", args=[person.public_id])).content.decode()
    assert consent.text is not None
    assert seen.count(consent.text.text) == 1
    assert f"({consent.given:%B %Y}, version" in seen
    assert "Somebody has said that this is them" in seen
    assert [told in seen for told in ("Wren", account.public_id)] == [False, False]


def test_what_stays_for_good_is_what_is_offered_without_an_end(page: str) -> None:
    assert "For good stay the programme, with the credits that nobody took back; the rounded numbers" in page
    staying = [one.name for one in goings if str(one.ends).startswith(("It stays", "They stay"))]
    assert sorted(staying) == ["erasures", "figures", "programme"]


@pytest.mark.usefixtures("public")
def test_the_button_deletes_what_it_says_and_leaves_a_name_that_others_put_there(page: str) -> None:
    assert "your passkeys, your names at events, your notices and what you agreed to" in page
    assert "A name that others put on the programme stays, unless you take it back first." in page
    account, phrase = make_participant(make_event())
    person = make_person("Ana Flores", account)
    Credit.objects.create(session=make_session(make_event("elsewhere")), person=person)
    give_consent(person, Purpose.QUOTED, account, language="en")
    make_passkey(account)
    notify(account, "people.device_joined")
    notify(person, "people.claimed")
    phone, inside = sign_in(Client(), account), sign_in(Client(), account)
    assert inside.post(reverse("people:delete")).status_code == 302
    assert account_behind(phrase) is None
    assert phone.get(reverse("people:me")).status_code == 302
    kept: list[Any] = [Account, Passkey, Participation, Session]
    assert [model.objects.count() for model in kept] == [0, 0, 0, 0]
    person.refresh_from_db()
    assert (person.name, person.notices.count(), person.consents.count()) == ("Ana Flores", 0, 0)


def test_what_is_added_to_the_sums_is_at_least_eleven(page: str) -> None:
    assert "Countries are added to the sums by eleven answers or more at once" in page
    assert LEAST_AT_THE_END == 11


def test_leaving_quickly_is_explained_and_tells_this_house_nothing(page: str) -> None:
    assert "puts another page in place of this one. You stay in, and it clears neither" in page
    assert re.findall(r'<a class="exit" href="([^"]+)"', page) == [settings.LEAVE_ADDRESS]
    assert not settings.LEAVE_ADDRESS.startswith("/")
