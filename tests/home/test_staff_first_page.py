"""The staff's first page: the ways in, the first steps of a new house, then what is on and what needs doing."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tertulia.home.models import HomePage
from tests.factories import make_account, make_event, make_session
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db
FRONT_PAGE = "/staff/pages/{}/edit/"
STEPS = ["Say who you are", "Import a programme", "Look at it as your people will"]


@pytest.fixture
def administrator(client: Client) -> Client:
    return sign_in(client, make_account("administrator", "Blue desk"))


def first_page(client: Client, language: str = "en") -> str:
    page = client.get("/staff/", headers={"accept-language": language})
    assert page.status_code == 200
    return unescape(page.content.decode()).split('<main class="content-wrapper', 1)[1]


def part(page: str, heading: str) -> str:
    """What stands under a heading, up to the next part."""
    return page.split(f'id="{heading}"', 1)[1].split("</section>", 1)[0]


def words(html: str) -> list[str]:
    return [" ".join(line.split()) for line in re.sub(r"<[^>]*>", "\n", html).splitlines() if line.strip()]


def links(html: str) -> list[str]:
    return re.findall(r'<a [^>]*?href="([^"]*)"', html)


def steps(page: str) -> list[tuple[str, list[str], bool]]:
    """Each step: what it is called, where it leads, whether it is done."""
    found = re.findall(r"<li(.*?)<h3>(.*?)</h3>", part(page, "first-steps"), re.DOTALL)
    return [(words(title)[0], links(title), "done" in opened) for opened, title in found]


def test_it_greets_by_name_and_says_where_it_is_a_good_hour(administrator: Client) -> None:
    page = first_page(administrator)
    assert "Good to see you, <bdi>Blue desk</bdi>" in page
    assert "Right now:" in page
    assert "Search all pages" not in page


def test_a_new_house_tells_the_first_three_steps(administrator: Client) -> None:
    front = FRONT_PAGE.format(HomePage.objects.get().pk)
    page = first_page(administrator)
    leads = [[front], ["/staff/programme/import/"], ["/"]]
    assert steps(page) == [(step, lead, False) for step, lead in zip(STEPS, leads, strict=True)]
    assert 'id="on-now"' not in page


def test_a_step_that_is_done_says_so_and_all_of_them_go_in_the_end(administrator: Client) -> None:
    HomePage.objects.update(motto="Nine nights")
    assert [done for *_step, done in steps(first_page(administrator))] == [True, False, False]
    make_event()
    assert 'id="first-steps"' not in first_page(administrator)
    HomePage.objects.update(motto="")
    assert [done for *_step, done in steps(first_page(administrator))] == [False, True, False]


def test_nobody_is_led_to_what_they_may_not_do(client: Client) -> None:
    make_event("festival")
    sign_in(client, make_account("organiser", scope="festival"))
    page = first_page(client)
    assert [(step, lead) for step, lead, _done in steps(page)] == [
        (STEPS[0], []),
        (STEPS[1], []),
        (STEPS[2], ["/"]),
    ]
    assert "An administrator does this." in part(page, "first-steps")
    assert not [link for link in links(page) if link.startswith("/staff/pages/")]


def test_the_ways_in_lead_somewhere(administrator: Client) -> None:
    ways = links(first_page(administrator).split("house-ways", 1)[1].split("</nav>")[0])
    assert len(ways) == 5
    assert [administrator.get(way).status_code for way in ways] == [200] * 5


def test_an_event_without_a_programme_asks_for_one(client: Client) -> None:
    for slug in ("mine", "theirs"):
        make_event(slug)
    sign_in(client, make_account("organiser", scope="mine"))
    events = part(first_page(client), "events")
    assert events.count("There is nothing on its programme yet.") == 2
    asked = [link for link in links(events) if "import" in link]
    assert asked == ["/staff/programme/import/?slug=mine"]
    assert 'name="slug" value="mine"' in client.get(asked[0]).content.decode()


def test_an_event_says_what_it_has_and_leads_to_its_sessions(administrator: Client) -> None:
    event = make_event("nights", "Small nights")
    make_session(event, "One")
    make_session(event, "Two").slots.all().delete()
    events = part(first_page(administrator), "events")
    assert {"2 sessions", "· 1 room", "1 session has no time yet.", "over, still open"} <= set(words(events))
    listed = [link for link in links(events) if link.startswith("/staff/")]
    assert listed == [f"/staff/sessions/?event={event.pk}"]
    assert administrator.get(listed[0]).content.decode().count("/events/nights/sessions/") == 2
    make_session(make_event("other"), "Elsewhere")
    assert "Elsewhere" not in administrator.get(listed[0]).content.decode()


def test_nothing_needs_doing_for_an_event_that_is_closed(administrator: Client) -> None:
    event = make_event("nights")
    type(event).objects.update(closed_on=event.ends_on)
    events = part(first_page(administrator), "events")
    assert "closed" in words(events)
    assert "house-todo" not in events


def test_more_events_cost_no_more_queries(administrator: Client) -> None:
    costs = []
    for _ in range(3):
        make_session(make_event(), "A panel", track="Justice")
        make_event()
        first_page(administrator)
        with CaptureQueriesContext(connection) as queries:
            first_page(administrator)
        costs.append(len(queries))
    assert costs[0] == costs[2]
