"""The page on which one comes in, as somebody without JavaScript uses it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tertulia.people.models import Account, Session
from tertulia.people.queries import account_behind
from tertulia.programme.actions.closing import close_event
from tertulia.programme.actions.participation import come_in
from tertulia.programme.models import Event, Participation
from tertulia.programme.views import participation as views
from tests.factories import make_account, make_event
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db
WREN = {"chosen_name": "Wren", "kind": "words"}


@pytest.fixture(autouse=True)
def event() -> Event:
    return make_event("festival")


def phrase_on(page: HttpResponse) -> str:
    """The words or digits that the page shows."""
    shown = re.search(r'<p class="words".*?</p>', page.content.decode(), re.DOTALL)
    return " ".join(re.findall(r"<span>(\w+)</span>", shown.group())) if shown else ""


def come(client: Client, **sent: str) -> Any:
    return client.post("/events/festival/join/", WREN | sent, follow=True)


def test_somebody_new_comes_in_and_is_shown_the_way_back_once(client: Client, event: Event) -> None:
    page = come(client)
    assert page.redirect_chain == [("/me/way-back/?next=%2Fevents%2Ffestival%2F", 302)]
    participation = Participation.objects.get()
    assert (participation.event, participation.chosen_name) == (event, "Wren")
    assert len(phrase_on(page).split()) == 6
    assert account_behind(phrase_on(page)) == participation.account
    assert client.get("/me/").status_code == 200
    again = client.get("/me/way-back/?next=/events/festival/")
    assert (again.status_code, phrase_on(again)) == (200, "")
    assert b"It was shown once" in again.content


def test_digits_are_shown_to_who_asks_for_them(client: Client) -> None:
    phrase = phrase_on(come(client, kind="digits"))
    assert re.fullmatch(r"(\d{4} ){5}\d{4}", phrase)
    assert account_behind(phrase) == Account.objects.get()


def test_the_page_says_first_what_losing_the_way_back_means(client: Client) -> None:
    page = client.get("/events/festival/join/").content.decode()
    assert page.index("If you lose it, nobody can let you in again") < page.index('name="chosen_name"')
    assert "I’ve been here before" in page


def test_no_page_about_a_person_is_kept_by_anybody(client: Client) -> None:
    pages = [client.get("/events/festival/join/"), come(client), client.get("/me/"), client.get("/come-back/")]
    assert [page["Cache-Control"] for page in pages] == ["no-store, private"] * 4


def test_what_is_handed_over_says_nothing_and_is_taken_back(client: Client) -> None:
    response = client.post("/events/festival/join/", WREN)
    box = response.cookies["w"]
    assert (box["path"], box["httponly"], box["samesite"], box["max-age"]) == ("/me/way-back/", True, "Lax", "")
    page = client.get(response["Location"])
    assert [word for word in phrase_on(page).split() if word in box.value] == []
    assert (page.cookies["w"].value, page.cookies["w"]["max-age"]) == ("", 0)


def test_a_box_shows_nothing_to_another_account(client: Client) -> None:
    box = client.post("/events/festival/join/", WREN).cookies["w"].value
    other = sign_in(Client(), make_account())
    other.cookies["w"] = box
    assert phrase_on(other.get("/me/way-back/")) == ""


def test_what_is_stored_after_coming_in(client: Client) -> None:
    phrase = phrase_on(client.post("/events/festival/join/", WREN, follow=True, REMOTE_ADDR="192.0.2.77"))
    rows = [list(model.objects.values()) for model in (Account, Session, Participation)]
    assert [len(kept) for kept in rows] == [1, 1, 1]
    assert set(rows[0][0]) == {
        *("id", "public_id", "pseudonym", "password", "way_back", "pepper_version", "is_active", "is_superuser"),
    }
    assert (rows[0][0]["pseudonym"], rows[0][0]["password"]) == ("", "")
    assert set(rows[1][0]) == {"id", "token_hash", "account_id", "held", "expires_on"}
    assert set(rows[2][0]) == {"id", "event_id", "account_id", "chosen_name"}
    # What columns are called may be words of the list, such as password.
    text = repr([list(row.values()) for kept in rows for row in kept])
    long_words = [word for word in phrase.split() if len(word) > 4]
    assert [found for found in ("192.0.2.77", phrase, *long_words) if found in text] == []
    assert "datetime.datetime" not in text
    assert text.count("datetime.date(") == 1


@pytest.mark.parametrize("name", ["", "  ", "moderator", "x" * 41, "x" * 81, "a\u202eb"])
def test_a_refused_name_is_explained_at_its_field(client: Client, name: str) -> None:
    page = client.post("/events/festival/join/", WREN | {"chosen_name": name})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"chosen_name"}
    assert b'aria-invalid="true"' in page.content
    assert Account.objects.count() == 0


def test_an_unknown_kind_is_refused(client: Client) -> None:
    assert client.post("/events/festival/join/", WREN | {"kind": "runes"}).status_code == 422


def test_who_is_signed_in_only_chooses_a_name(client: Client) -> None:
    account = make_account()
    sign_in(client, account)
    assert 'name="kind"' not in client.get("/events/festival/join/").content.decode()
    response = client.post("/events/festival/join/", {"chosen_name": "Wren"})
    assert (response.status_code, response["Location"]) == (302, "/events/festival/")
    assert [row.account for row in Participation.objects.all()] == [account]


def test_who_is_in_may_take_another_name(client: Client, event: Event) -> None:
    account = make_account()
    come_in(event, account, "Wren")
    sign_in(client, account)
    before = client.get("/events/festival/join/").content.decode()
    assert 'value="Wren"' in before
    assert "The drawing of stars beside it stays the same." in before
    page = client.post("/events/festival/join/", {"chosen_name": "Heron"}, follow=True)
    assert [(message.level_tag, str(message)) for message in page.context["messages"]] == [
        ("success", "You now go by this name. Your drawing of stars stays the same.")
    ]
    assert "Your drawing of stars stays the same." in page.content.decode()
    assert "Your drawing of stars" not in client.get("/events/festival/").content.decode()
    assert list(Participation.objects.values_list("chosen_name", flat=True)) == ["Heron"]


def test_staff_are_told_kindly_how_to_take_part(client: Client) -> None:
    sign_in(client, make_account("organiser"))
    pages = [client.get("/events/festival/join/"), client.post("/events/festival/join/", {"chosen_name": "Wren"})]
    assert [page.status_code for page in pages] == [403, 403]
    for page in pages:
        assert "open this page in another browser or a private window" in page.content.decode()
        assert 'name="chosen_name"' not in page.content.decode()
    assert Participation.objects.count() == 0


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/live/abc/", "/live/abc/"),
        ("https://example.org/", "/events/festival/"),
        ("//example.org/", "/events/festival/"),
        ("javascript:alert(1)", "/events/festival/"),
    ],
)
def test_one_is_led_on_within_this_site_only(client: Client, asked: str, led: str) -> None:
    page = come(client, next=asked)
    assert page.context["onward"] == led


def test_an_event_that_does_not_exist_cannot_be_joined(client: Client) -> None:
    assert client.get("/events/nowhere/join/").status_code == 404


def test_the_page_about_oneself_costs_the_same_with_one_name_and_with_three(client: Client) -> None:
    account = make_account()
    sign_in(client, account)
    costs = []
    for _ in range(3):
        come_in(make_event(), account, "Wren")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/me/")
        costs.append(len(queries))
    assert page.content.count(b"<bdi>Wren</bdi>") == 3
    assert costs[0] == costs[1] == costs[2]


def test_coming_in_keeps_the_language_of_the_page(client: Client) -> None:
    page = client.post("/es/events/festival/join/", WREN, follow=True)
    assert page.redirect_chain == [("/es/me/way-back/?next=%2Fes%2Fevents%2Ffestival%2F", 302)]
    assert len(phrase_on(page).split()) == 6


def test_the_words_are_of_the_language_that_one_reads(client: Client) -> None:
    page = client.get("/es/events/festival/join/")
    asked = [choice.data["value"] for choice in page.context["form"]["kind"]]
    assert (asked, page.context["form"]["kind"].initial) == (["es", "digits", "words"], "es")
    shown = client.post("/es/events/festival/join/", WREN | {"kind": "es"}, follow=True)
    assert re.search(r'<p class="words".*? lang="es"', shown.content.decode(), re.DOTALL)
    assert len(phrase_on(shown).split()) == 7
    assert account_behind(phrase_on(shown)) == Account.objects.get()


def test_a_list_of_which_one_reads_nothing_is_not_offered(client: Client) -> None:
    assert client.post("/events/festival/join/", WREN | {"kind": "es"}).status_code == 422
    page = client.get("/events/festival/join/", headers={"Accept-Language": "fr-BE, en;q=0.5"})
    assert [choice.data["value"] for choice in page.context["form"]["kind"]] == ["words", "fr", "digits"]


@pytest.mark.parametrize(("said", "age"), [({}, ""), ({"device": "shared"}, ""), ({"device": "own"}, 30 * 86_400)])
def test_on_ones_own_device_one_stays_and_on_any_other_one_does_not(
    client: Client, said: dict[str, str], age: object
) -> None:
    client.post("/events/festival/join/", WREN | said)
    assert client.cookies["s"]["max-age"] == age


def test_each_device_is_taken_for_one_that_others_use(client: Client) -> None:
    page = client.get("/events/festival/join/")
    assert [(one.data["value"], one.data["selected"]) for one in page.context["form"]["device"]] == [
        ("shared", True),
        ("own", False),
    ]


@pytest.mark.parametrize(("who", "step"), [("new", "come_in_anew"), ("known", "come_in"), ("in", "rename")])
def test_who_comes_while_the_event_is_closed_is_told_so(
    client: Client, event: Event, monkeypatch: pytest.MonkeyPatch, who: str, step: str
) -> None:
    if who != "new":
        account = make_account()
        sign_in(client, account)
    if who == "in":
        come_in(event, account, "Dunlin")
    real = getattr(views, step)

    def closed_before(*given: Any) -> Any:
        close_event(Event.objects.get(pk=event.pk))
        return real(*given)

    monkeypatch.setattr(views, step, closed_before)
    page = client.post("/events/festival/join/", WREN)
    assert (page.status_code, page.templates[0].name) == (410, "programme/closed.html")
    assert list(Participation.objects.values_list("chosen_name", flat=True)) == (["Dunlin"] if who == "in" else [])
    assert Account.objects.count() == (0 if who == "new" else 1)
