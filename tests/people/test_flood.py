"""Hundreds of sign-ups from one address lock out nobody, there or elsewhere; ./run prove people makes them 10,000."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client

from tertulia.kit import work
from tertulia.kit.limits import Limit
from tertulia.people.models import Account
from tertulia.programme.models import Participation
from tertulia.programme.views import participation
from tests.factories import make_account, make_event
from tests.factories.people import sign_in
from tests.people import flood
from tests.people.flood import FLOODED, asked_on, come

pytestmark = pytest.mark.django_db
MOST = 5


@pytest.fixture(autouse=True)
def gate(monkeypatch: pytest.MonkeyPatch) -> None:
    make_event("festival")
    monkeypatch.setattr(participation, "NEWCOMERS", flood.few(MOST, 100))
    monkeypatch.setattr(participation, "REFUSED", Limit(most=20, seconds=60))


@pytest.fixture
def pressed(gate: None) -> Any:
    """The page on which somebody is asked for work or patience."""
    for _ in range(MOST):
        come(FLOODED, "festival")
    return come(FLOODED, "festival", chosen_name="Curlew", kind="digits", device="own")


def test_three_hundred_from_one_address_keep_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    poured = flood.Flood("festival")
    poured.pour(MOST + 1)
    ticket = asked_on(come(FLOODED, "festival"))["ticket"]
    poured.pour(100)
    assert flood.comes_from_elsewhere("festival", 1)
    assert flood.comes_after_work("festival")
    poured.pour(100)
    now += 30
    assert flood.comes_with("festival", ticket)
    assert flood.comes_from_elsewhere("festival", 2)
    held = flood.remembered()
    poured.pour(100 - MOST - 1)
    assert (poured.let_in, poured.asked, poured.strange) == (MOST, 300 - MOST, [])
    assert flood.accounts() == MOST + 4
    assert flood.remembered() == held


def test_what_was_typed_is_kept_and_nobody_is_written_down(pressed: Any) -> None:
    form = pressed.context["form"]
    assert (pressed.status_code, pressed["Retry-After"]) == (429, "30")
    assert [form[name].value() for name in ("chosen_name", "kind", "device")] == ["Curlew", "digits", "own"]
    assert "Curlew" in pressed.content.decode()
    assert "people/work" in pressed.content.decode()
    assert Account.objects.count() == MOST


def test_the_page_says_how_long_to_wait_for_who_has_no_scripts(pressed: Any) -> None:
    assert "in 30 seconds, press the button again" in pressed.content.decode()
    again = come(FLOODED, "festival", ticket=asked_on(pressed)["ticket"])
    assert (again.status_code, asked_on(again)["ticket"]) == (429, asked_on(pressed)["ticket"])


def test_who_has_worked_comes_in_once_under_the_name_that_was_typed(pressed: Any) -> None:
    task = asked_on(pressed)["task"]
    sent = {"chosen_name": "Curlew", "task": task, "done": work.do(task)}
    assert [come(FLOODED, "festival", **sent).status_code for _ in range(2)] == [302, 429]
    assert Participation.objects.filter(chosen_name="Curlew").count() == 1


def test_a_name_that_is_refused_costs_no_work(pressed: Any) -> None:
    task = asked_on(pressed)["task"]
    sent = {"task": task, "done": work.do(task)}
    assert come(FLOODED, "festival", chosen_name="moderator", **sent).status_code == 422
    assert come(FLOODED, "festival", **sent).status_code == 302


def test_work_for_another_event_opens_nothing(pressed: Any) -> None:
    make_event("other")
    task = asked_on(come(FLOODED, "other"))["task"]
    assert come(FLOODED, "festival", task=task, done=work.do(task)).status_code == 429


def test_names_that_are_refused_are_counted() -> None:
    refused = [come(FLOODED, "festival", chosen_name="moderator").status_code for _ in range(MOST)]
    assert (refused, come(FLOODED, "festival").status_code) == ([422] * MOST, 429)
    assert flood.comes_from_elsewhere("festival", 1)


def test_what_is_wrong_beside_the_name_is_not_counted() -> None:
    refused = [come(FLOODED, "festival", kind="runes").status_code for _ in range(MOST)]
    assert (refused, come(FLOODED, "festival").status_code) == ([422] * MOST, 302)


def test_who_tries_many_names_learns_nothing_more_without_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(participation, "REFUSED", Limit(most=MOST, seconds=60))
    for _ in range(MOST):
        come(FLOODED, "festival", chosen_name="moderator")
    pages = [come(FLOODED, "festival", chosen_name=name, kind="digits") for name in ("moderator", "Curlew")]
    assert [page.status_code for page in pages] == [429, 429]
    forms = [page.context["form"] for page in pages]
    assert [(form["chosen_name"].value(), form["kind"].value()) for form in forms] == [
        ("moderator", "digits"),
        ("Curlew", "digits"),
    ]
    assert [dict(form.errors) for form in forms] == [{}, {}]
    # One look for one piece of work.
    sent = [{"task": asked_on(page)["task"], "done": work.do(asked_on(page)["task"])} for page in pages]
    tried = [
        come(FLOODED, "festival", chosen_name=name, **sent[number]).status_code
        for number, name in ((0, "moderator"), (0, "Curlew"), (1, "Curlew"))
    ]
    assert tried == [422, 429, 302]


def test_who_has_been_here_before_is_asked_for_nothing(pressed: Any, client: Client) -> None:
    sign_in(client, make_account())
    assert client.post("/events/festival/join/", {"chosen_name": "Heron"}, REMOTE_ADDR=FLOODED).status_code == 302


def test_a_crowd_from_everywhere_is_asked_too_and_comes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(participation, "NEWCOMERS", flood.few(MOST, 20))
    first = [flood.comes_from_elsewhere("festival", number) for number in range(20)]
    assert (first, flood.comes_from_elsewhere("festival", 21)) == ([True] * 20, False)
    assert flood.comes_after_work("festival")
