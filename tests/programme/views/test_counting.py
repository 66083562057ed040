"""Saying where one joins from, and the page of rounded numbers, as somebody without JavaScript uses them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tertulia.people.actions import hand_in_answers, release_counts
from tertulia.people.counting.totals import Totals
from tertulia.people.models import Answered
from tertulia.programme.actions.closing import close_event
from tertulia.programme.models import Event, Participation
from tertulia.project.worker import drain
from tests.factories import let_in, make_account, make_event
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db
PLACE = "/events/nights/where-from/"
CAME = "/events/nights/who-came/"


@pytest.fixture(autouse=True)
def file(tmp_path: Path, settings: Any) -> Path:
    path: Path = tmp_path / "counting.sqlite3"
    settings.COUNTING_FILE = path
    return path


@pytest.fixture(autouse=True)
def event() -> Event:
    return make_event("nights", "Nine nights")


@pytest.fixture
def wren(client: Client, event: Event) -> Client:
    """The browser of somebody who is in."""
    account = make_account()
    let_in(account, event)
    return sign_in(client, account)


def counted(file: Path) -> dict[str, dict[str, int]]:
    """What was counted by now; from now on nobody is."""
    Totals(file).end("nights", int(time.time()))
    hand_in_answers()
    return Totals(file).read("nights")


def released(file: Path, **numbers: int) -> None:
    Totals(file).add("nights", {"country": numbers})
    Totals(file).end("nights", int(time.time()) - 3600)
    assert release_counts() == 1


def test_a_country_is_counted_and_nobody_is_named(wren: Client, file: Path) -> None:
    page = wren.get(PLACE).content.decode()
    assert '<option value="" selected>I would rather not say</option>' in page
    assert page.count("<option") == 251
    answer = wren.post(PLACE, {"country": "NP"}, follow=True)
    assert answer.redirect_chain == [("/events/nights/", 302)]
    assert "nobody can tell which answer was yours" in answer.content.decode()
    assert (counted(file), Answered.objects.count()) == ({"country": {"NP": 1}}, 1)


def test_who_would_rather_not_say_leaves_nothing(wren: Client, file: Path) -> None:
    answer = wren.post(PLACE, {"country": ""}, follow=True)
    assert (answer.redirect_chain, list(answer.context["messages"])) == ([("/events/nights/", 302)], [])
    assert (counted(file), Answered.objects.count()) == ({}, 0)


def test_a_second_press_is_told_kindly_and_not_counted(wren: Client, file: Path) -> None:
    wren.post(PLACE, {"country": "NP"})
    answer = wren.post(PLACE, {"country": "PT"}, follow=True)
    assert "You have answered this already, and are counted once." in answer.content.decode()
    assert counted(file) == {"country": {"NP": 1}}
    page = wren.get(PLACE).content.decode()
    assert ("You have answered." in page, "<select" in page, "NP" in page) == (True, False, False)


def test_a_country_that_there_is_none_of_is_refused(wren: Client, file: Path) -> None:
    answer = wren.post(PLACE, {"country": "Atlantis"})
    assert answer.status_code == 422
    assert b'aria-invalid="true"' in answer.content
    assert (counted(file), Answered.objects.count()) == ({}, 0)


def test_it_is_asked_where_one_comes_in_and_on_ones_own_page_until_one_answers(wren: Client) -> None:
    asked = [PLACE in wren.get(page).content.decode() for page in ("/events/nights/", "/me/")]
    wren.post(PLACE, {"country": "NP"})
    again = [PLACE in wren.get(page).content.decode() for page in ("/events/nights/", "/me/")]
    assert (asked, again) == ([True, True], [False, False])


class TestScreen:
    """Several people at one screen come in as one, and say how many they are."""

    JOIN = "/events/nights/join/"
    WREN: ClassVar = {"chosen_name": "Wren", "kind": "digits"}

    def test_a_group_is_counted_in_its_band_with_nobody(self, client: Client, file: Path) -> None:
        answer = client.post(self.JOIN, self.WREN | {"people": "12"})
        assert answer.status_code == 302
        assert counted(file) == {"group": {"11-20": 1}}
        assert [(row.scope, row.question) for row in Answered.objects.all()] == [("nights", "group")]

    def test_so_is_one_of_people_who_were_here_before(self, client: Client, file: Path) -> None:
        sign_in(client, make_account())
        assert 'name="people"' in client.get(self.JOIN).content.decode()
        client.post(self.JOIN, {"chosen_name": "Heron", "people": "3"})
        assert counted(file) == {"group": {"2-5": 1}}

    @pytest.mark.parametrize("said", [{}, {"people": ""}, {"people": "1"}])
    def test_who_is_alone_leaves_nothing(self, client: Client, file: Path, said: dict[str, str]) -> None:
        assert client.post(self.JOIN, self.WREN | said).status_code == 302
        assert (counted(file), Answered.objects.count()) == ({}, 0)

    @pytest.mark.parametrize("said", ["0", "-3", "1001", "many"])
    def test_what_is_no_number_of_people_is_told_at_its_field(self, client: Client, said: str) -> None:
        answer = client.post(self.JOIN, self.WREN | {"people": said})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["people"])

    def test_who_is_in_already_is_not_asked(self, wren: Client, file: Path) -> None:
        assert 'name="people"' not in wren.get(self.JOIN).content.decode()
        wren.post(self.JOIN, {"chosen_name": "Heron", "people": "12"})
        assert counted(file) == {}

    def test_one_comes_in_also_when_the_counting_has_ended(self, client: Client, file: Path) -> None:
        Totals(file).end("nights", int(time.time()))
        assert client.post(self.JOIN, self.WREN | {"people": "12"}).status_code == 302
        assert Participation.objects.count() == 1

    def test_the_figures_are_shown_by_bands_and_few_screens_are_not(self, client: Client, file: Path) -> None:
        Totals(file).add("nights", {"group": {"51-": 40, "2-5": 60, "6-10": 10, "21-50": 11}})
        Totals(file).end("nights", int(time.time()) - 3600)
        assert release_counts() == 1
        page = client.get("/events/nights/who-came/")
        assert [band for band, _number in page.context["groups"]] == ["2–5", "51 or more"]
        for (_band, shown), number in zip(page.context["groups"], (60, 40), strict=True):
            assert shown % 5 == 0
            assert abs(shown - number) <= 7
        assert "Several people at one screen" in page.content.decode()


def test_a_visitor_is_not_asked_and_is_led_to_come_in(client: Client) -> None:
    assert PLACE not in client.get("/events/nights/").content.decode()
    for answer in (client.get(PLACE), client.post(PLACE, {"country": "NP"})):
        assert (answer.status_code, answer["Location"]) == (302, "/events/nights/join/")
    assert Answered.objects.count() == 0


def test_after_the_end_nobody_is_asked(wren: Client, event: Event) -> None:
    close_event(event)
    assert [wren.get(PLACE).status_code, wren.post(PLACE, {"country": "NP"}).status_code] == [410, 410]
    assert PLACE not in wren.get("/events/nights/").content.decode() + wren.get("/me/").content.decode()
    assert Answered.objects.count() == 0


def test_no_page_about_a_person_is_kept_by_anybody(wren: Client) -> None:
    assert wren.get(PLACE)["Cache-Control"] == "no-store, private"


@pytest.mark.django_db(transaction=True)
def test_closing_an_event_ends_the_counting(event: Event, file: Path) -> None:
    close_event(event)
    drain()
    assert Totals(file).is_ended("nights")


def test_ones_own_page_costs_the_same_with_one_event_and_with_three(wren: Client, event: Event) -> None:
    account = event.participations.get().account
    costs = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            page = wren.get("/me/")
        costs.append((page.content.count(b"where you join from"), len(queries)))
        let_in(account, make_event())
    assert [number for number, _cost in costs] == [1, 2, 3]
    assert len({cost for _number, cost in costs}) == 1


class TestWhoCame:
    def test_before_the_release_nothing_is_there(self, client: Client, file: Path) -> None:
        Totals(file).add("nights", {"country": {"PT": 300}})
        page = client.get(CAME).content.decode()
        assert "some minutes after the event is closed" in page
        assert "Portugal" not in page

    def test_afterwards_everybody_sees_rounded_numbers(self, client: Client, file: Path) -> None:
        released(file, PT=300, BR=90, NP=8)
        page = client.get("/es/events/nights/who-came/").content.decode()
        assert [page.count(name) for name in ("Portugal", "Brasil", "Nepal")] == [1, 1, 0]
        assert page.index("Portugal") < page.index("Brasil")

    def test_few_and_nobody_look_the_same(self, client: Client, file: Path) -> None:
        make_event("days", "Nine nights")
        Totals(file).end("days", 1000)
        Totals(file).add("nights", {"country": {"NP": 8}})
        Totals(file).end("nights", 1000)
        assert release_counts() == 2
        few, nobody = (
            client.get(f"/events/{slug}/who-came/").content.decode().replace(f"/events/{slug}/", "/events/EVENT/")
            for slug in ("nights", "days")
        )
        assert "Too few to be shown" in few
        assert (
            few.split("</section>", 1)[1].split("<footer", 1)[0]
            == nobody.split("</section>", 1)[1].split("<footer", 1)[0]
        )

    def test_it_is_found_from_the_event_that_is_closed(self, client: Client, event: Event) -> None:
        assert CAME not in client.get("/events/nights/").content.decode()
        close_event(event)
        assert CAME in client.get("/events/nights/").content.decode()

    def test_staff_see_the_same_figures_and_no_others(self, client: Client, file: Path, event: Event) -> None:
        sign_in(client, make_account("organiser"))
        Totals(file).add("nights", {"country": {"PT": 31}})
        before = client.get("/staff/").content.decode()
        released(file, BR=90, NP=8)
        close_event(event)
        after = client.get("/staff/").content.decode()
        assert (CAME in before, CAME in after) == (False, True)
        public = client.get(CAME).content.decode()
        said = next(line for line in public.splitlines() if "said where they joined from" in line)
        words = said.split("<p")[-1].split(">", 1)[1].split("</p>")[0].strip()
        assert words in after

    def test_an_event_that_does_not_exist_has_no_figures(self, client: Client) -> None:
        assert client.get("/events/nowhere/who-came/").status_code == 404
