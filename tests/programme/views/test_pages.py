"""The pages of events: what they say, in which language, to whom, and with how many queries."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tertulia.people.models import Person
from tertulia.programme.formats.schedule_json import parse
from tertulia.programme.models import Event, EventText, Session, SessionText
from tertulia.programme.queries.schedule import schedule_of
from tests.factories import make_event, make_room, make_session
from tests.factories.programme import make_slot

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return make_event("nights", "Small nights", days=2, zone="Europe/Lisbon")


def text_of(page: Any) -> str:
    """What a reader sees of the main part, with single spaces."""
    main = page.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(re.sub(r"<[^>]*>", " ", "<main" + main).split())


def titles(page: Any) -> list[str]:
    return re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", page.content.decode())


def test_without_events_the_list_says_so(client: Client) -> None:
    words = "Nothing is planned yet When the first event is announced, it stands here."
    assert text_of(client.get("/events/")).endswith(words)


def test_the_list_begins_with_what_comes(client: Client) -> None:
    today = timezone.now().date()
    for slug, days in (("old", -90), ("older", -900), ("far", 90), ("near", 9), ("now", 0)):
        make_event(slug, slug, days=1, first_day=today + timedelta(days=days))
    page = client.get("/events/")
    found = re.findall(r'<h2><a href="/events/(\w+)/"', page.content.decode())
    assert found == ["now", "near", "far", "old", "older"]
    assert text_of(page).count("Now") == 1


def test_the_front_of_an_event(client: Client, event: Event) -> None:
    make_session(event, "Who asks?", track="Justice", session_type="Panel", persons=("First Sample",), slug="who-asks")
    page = client.get("/events/nights/")
    assert page.status_code == 200
    content = page.content.decode()
    assert ">Small nights</h1>" in content
    assert "16–17 November 2021" in content
    assert 'href="/events/nights/join/">Come in</a>' in content
    assert 'href="/come-back/?next=%2Fevents%2Fnights%2Fjoin%2F">I’ve been here before</a>' in content
    assert titles(page) == ["Who asks?"]
    assert "?track=Justice" in content


def test_the_front_of_an_event_begins_with_what_is_next(client: Client) -> None:
    now = timezone.now()
    event = make_event("today", first_day=now.date())
    room = make_room(event)
    for title, hours in (("gone", -3), ("on", -0.5), ("coming", 2)):
        session = make_session(event, title)
        session.slots.all().delete()
        make_slot(session, now + timedelta(hours=hours), room)
    page = client.get("/events/today/")
    assert titles(page) == ["on", "coming"]
    assert (
        text_of(page).count("Now ") == 3
    )  # the event's own badge, the heading "Now and next", and one session's badge


@pytest.mark.usefixtures("event")
def test_an_event_without_a_programme_says_so(client: Client) -> None:
    for path in ("/events/nights/", "/events/nights/programme/"):
        assert "The programme is still being made" in text_of(client.get(path))


def test_the_programme_is_in_days_on_the_events_clock(client: Client, event: Event) -> None:
    make_session(event, "early", hour=9)
    make_session(event, "late", hour=23)
    lima = make_event("lima", zone="America/Lima", days=2)
    make_session(lima, "before midnight there", hour=3)
    days = re.findall(r'id="day-([\d-]+)"', client.get("/events/nights/programme/").content.decode())
    assert days == ["2021-11-16"]
    days = re.findall(r'id="day-([\d-]+)"', client.get("/events/lima/programme/").content.decode())
    assert days == ["2021-11-15"]


def test_each_session_has_two_times(client: Client, event: Event) -> None:
    make_session(event, "early", hour=9)
    client.cookies["zone"] = "America/Lima"
    words = text_of(client.get("/events/nights/programme/"))
    assert "09:00–10:00 clock of Lisbon" in words
    assert re.search(r"\b04:00", words)


def test_a_zone_without_a_place_is_called_by_its_distance(client: Client) -> None:
    event = make_event("ahead", zone="Etc/GMT-1")
    make_session(event, "early", hour=9)
    words = text_of(client.get("/events/ahead/programme/"))
    assert "10:00–11:00 clock of UTC+1" in words
    assert "GMT" not in words


def test_a_time_under_no_day_says_its_own(client: Client, event: Event) -> None:
    session = make_session(event, "Who asks?", slug="who-asks", hour=23, persons=("First Sample",))
    person = f"/events/nights/contributors/{Person.objects.get().public_id}/"
    of_its_own = ["/events/nights/", person, "/events/nights/sessions/who-asks/"]
    days = [text_of(client.get(path)).count("Tuesday, 16 November 2021") for path in of_its_own]
    assert (days, text_of(client.get("/events/nights/programme/")).count("Tuesday, 16 November 2021")) == ([1, 1, 1], 1)
    # A slot that keeps an offset of its own has the day of that clock.
    session.slots.update(zone="Etc/GMT-2")
    assert [text_of(client.get(path)).count("Wednesday, 17 November 2021") for path in of_its_own] == [1, 1, 1]
    assert "Miércoles, 17 de noviembre de 2021" in text_of(client.get(f"/es{person}"))


@pytest.mark.parametrize(
    ("prefix", "tag", "shown"),
    [
        ("", "en", "English"),
        ("", "pt-BR", "Brazilian Portuguese"),
        ("", "en-XX", "English"),
        ("/es", "en", "inglés"),
        ("/ar", "en", "الإنجليزية"),
        ("/ar", "es", "الإسبانية"),
        ("/es", "ay", "aimara"),
        ("", "zh-Hans", "Simplified Chinese"),
        ("", "qqq", "qqq"),
    ],
)
def test_a_spoken_language_is_named_in_the_readers(
    client: Client, event: Event, prefix: str, tag: str, shown: str
) -> None:
    make_session(event, "Who asks?", slug="who-asks", language=tag)
    page = client.get(f"{prefix}/events/nights/sessions/who-asks/").content.decode()
    assert re.findall(r'<p class="meta"><bdi>Main stage</bdi> · (.*?)</p>', page) == [shown]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["one", "two", "three"]),
        ("?track=Science", ["one", "two"]),
        ("?type=Film", ["two", "three"]),
        ("?track=Science&type=Film", ["two"]),
        ("?track=Nothing", []),
        ("?track=%00%27%22%3Cscript%3E", []),
    ],
)
def test_the_programme_is_narrowed_by_track_and_kind(
    client: Client, event: Event, query: str, found: list[str]
) -> None:
    make_session(event, "one", hour=9, track="Science", session_type="Panel")
    make_session(event, "two", hour=10, track="Science", session_type="Film")
    make_session(event, "three", hour=11, track="Justice", session_type="Film")
    page = client.get(f"/events/nights/programme/{query}")
    assert titles(page) == found
    assert ("Nothing like that is on" in text_of(page)) == (not found)
    assert "<script>" not in page.content.decode().split("<main")[1].replace("&lt;script&gt;", "")


def test_a_text_is_in_the_language_asked_for_else_in_its_own(client: Client, event: Event) -> None:
    EventText.objects.create(event=event, language="es", title="Noches pequeñas", source_revision=1)
    session = make_session(event, "Who asks?", slug="who-asks")
    SessionText.objects.create(session=session, language="es", title="¿Quién pregunta?", source_revision=1)
    make_session(event, "Poems", slug="poems", language="pt-BR")
    page = client.get("/es/events/nights/programme/").content.decode()
    assert 'dir="auto">¿Quién pregunta?</a>' in page
    assert 'dir="auto" lang="pt-BR">Poems</a>' in page
    assert ">Noches pequeñas</bdi>" in page
    assert "Martes, 16 de noviembre de 2021" in page
    arabic = client.get("/ar/events/nights/sessions/who-asks/").content.decode()
    assert 'dir="auto" lang="en">Who asks?</h1>' in arabic
    assert 'dir="rtl"' in arabic


def test_a_translation_of_an_older_original_says_so(client: Client, event: Event) -> None:
    session = make_session(event, "Who asks?", slug="who-asks")
    SessionText.objects.create(session=session, language="es", title="¿Quién pregunta?", source_revision=1)
    older = "This translation is older than the original."
    SessionText.objects.filter(session=session, language="en").update(revision=2)
    from django.utils.translation import override

    with override("es"):
        found = client.get("/es/events/nights/sessions/who-asks/").context["found"]
    assert found.is_behind is True
    assert client.get("/events/nights/sessions/who-asks/").context["found"].is_behind is False
    assert older not in text_of(client.get("/events/nights/sessions/who-asks/"))


def test_a_session_shows_its_times_its_people_and_its_words(client: Client, event: Event) -> None:
    session = make_session(
        event, "Who asks?", slug="who-asks", persons=("First Sample", "Second Sample"), do_not_record=True
    )
    make_slot(session, datetime(2021, 11, 17, 3, tzinfo=UTC), make_room(event, "The courtyard"))
    words = text_of(client.get("/events/nights/sessions/who-asks/"))
    assert words.index("First Sample") < words.index("Second Sample")
    assert "12:00–13:00" in words
    assert "03:00–04:00" in words
    assert words.count("Second airing") == 1
    assert words.count("not recorded") == 2
    assert "English" in words


def test_words_of_strangers_are_words_alone(client: Client, event: Event) -> None:
    session = make_session(event, "<b>Bold</b> & brave", slug="bold", persons=("<i>Sly</i>",))
    text = "<p>One &amp; only<script>alert(1)</script></p><p>Two<br>lines &lt;img src=x onerror=alert(1)&gt;</p>1 < 2"
    SessionText.objects.filter(session=session).update(description=text, abstract="**plain**")
    content = client.get("/events/nights/sessions/bold/").content.decode()
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; brave</h1>" in content
    assert "&lt;i&gt;Sly&lt;/i&gt;" in content
    shown = content.split('class="lead">', 2)[-1].split("</section>")[0]
    assert re.findall(r"<p>(.*?)</p>", shown) == [
        "**plain**",
        "One &amp; onlyalert(1)",
        "Two",
        "lines &lt;img src=x onerror=alert(1)&gt;",
        "1 &lt; 2",
    ]


def test_a_withdrawn_session_is_gone_kindly(client: Client, event: Event) -> None:
    make_session(event, "Who asks?", slug="who-asks", state=Session.State.WITHDRAWN, persons=("First Sample",))
    page = client.get("/events/nights/sessions/who-asks/")
    assert page.status_code == 410
    assert "This session is no longer on" in text_of(page)
    assert "Who asks?" not in page.content.decode()
    person = Person.objects.get()
    assert client.get(f"/events/nights/contributors/{person.public_id}/").status_code == 404
    assert titles(client.get("/events/nights/programme/")) == []


def test_a_contributor_has_a_page_at_each_event_of_its_own(client: Client, event: Event) -> None:
    make_session(event, "Who asks?", persons=("First Sample",))
    make_session(event, "Another", persons=("Second Sample",))
    person = Person.objects.get(name="First Sample")
    page = client.get(f"/events/nights/contributors/{person.public_id}/")
    assert titles(page) == ["Who asks?"]
    other = make_event("elsewhere")
    assert client.get(f"/events/{other.slug}/contributors/{person.public_id}/").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/events/none/", "/events/none/programme/", "/events/none/programme.json", "/events/nights/sessions/none/"],
)
@pytest.mark.usefixtures("event")
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_front_page_shows_the_next_event(client: Client) -> None:
    make_event("next", "Next nights", first_day=date(2100, 1, 1))
    make_event("last", "Last nights")
    page = client.get("/")
    assert re.findall(r'<h3><a href="/events/(\w+)/"', page.content.decode()) == ["next"]


def test_the_front_page_shows_some_sessions_one_of_each_track_first(client: Client, event: Event) -> None:
    for hour, (title, track) in enumerate([("a", "Science"), ("b", "Science"), ("c", "Justice"), ("d", "Science")]):
        make_session(event, title, track=track, hour=9 + hour)
    make_slot(event.sessions.get(texts__title="a"), datetime(2021, 11, 16, 20, tzinfo=UTC), make_room(event, "Second"))
    covers = re.findall(r'<b dir="auto">(\w+)</b>', client.get("/").content.decode())
    assert covers == ["a", "c", "b", "d"]


def test_themes_say_how_many_sessions_are_on(client: Client, event: Event) -> None:
    for title, track in (("a", "Science"), ("b", "Science"), ("c", "Justice")):
        make_session(event, title, track=track)
    withdrawn = make_session(event, "d", track="Science")
    withdrawn.state = Session.State.WITHDRAWN
    withdrawn.save()
    kinds = re.findall(
        r'<i class="kind">(.*?)</i><b dir="auto">(\w+)</b>', client.get("/events/nights/").content.decode()
    )
    assert sorted(kinds) == [("1 session", "Justice"), ("2 sessions", "Science")]


def test_many_themes_stand_in_a_row_of_words(client: Client, event: Event) -> None:
    for number in range(7):
        make_session(event, f"s{number}", track=f"Track {number}")
    content = client.get("/events/nights/").content.decode()
    assert content.count('class="cover"') == 0
    assert content.count("<bdi>Track ") == 7 + 6  # each as a link; six sessions are listed with theirs


class TestExport:
    def test_is_the_programme(self, client: Client, event: Event) -> None:
        make_session(event, "Who asks?", track="Justice", persons=("First Sample",))
        page = client.get("/events/nights/programme.json")
        assert page["Content-Type"] == "application/json"
        assert parse(page.content).schedule == schedule_of(event)
        first = json.loads(page.content)["schedule"]["conference"]["days"][0]["rooms"]["Main stage"][0]
        assert first["url"] == f"http://127.0.0.1:8000/events/nights/sessions/{first['slug']}/"

    def test_unchanged_is_not_sent_again(self, client: Client, event: Event) -> None:
        make_session(event, "Who asks?")
        page = client.get("/events/nights/programme.json")
        again = client.get("/events/nights/programme.json", HTTP_IF_NONE_MATCH=page["ETag"])
        assert (again.status_code, again.content) == (304, b"")
        # What changed within a second, such as a name that was taken back, would hide behind a date.
        assert "Last-Modified" not in page
        make_session(event, "Another")
        changed = client.get("/events/nights/programme.json", HTTP_IF_NONE_MATCH=page["ETag"])
        assert changed.status_code == 200
        assert changed["ETag"] != page["ETag"]


def _many(event: Event, number: int) -> None:
    for count in range(number):
        make_session(
            event,
            f"Session {count} of a night in which people talk",
            hour=count % 40,
            track=("Science", "Justice", "Pleasure")[count % 3],
            session_type="Panel",
            persons=(f"Sample {count}", f"Example {count}"),
        )


@pytest.mark.parametrize(
    "path", ["/events/", "/events/nights/", "/events/nights/programme/", "/events/nights/programme.json"]
)
def test_more_sessions_cost_no_more_queries(
    client: Client, event: Event, django_assert_num_queries: Any, path: str
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _many(event, 1)
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    _many(event, 2)
    make_event("other")
    with django_assert_num_queries(len(one)):
        client.get(path)


def test_more_credits_and_times_cost_no_more_queries(
    client: Client, event: Event, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    session = make_session(event, slug="one", persons=("A",))
    client.get("/events/nights/sessions/one/")
    with CaptureQueriesContext(connection) as one:
        client.get("/events/nights/sessions/one/")
    more = make_session(event, slug="three", persons=("B", "C", "D"))
    make_slot(more, session.slots.get().starts_at + timedelta(hours=3), make_room(event, "Other"))
    with django_assert_num_queries(len(one)):
        client.get("/events/nights/sessions/three/")


def test_five_hundred_sessions_stay_small(client: Client, event: Event) -> None:
    _many(event, 500)
    assert len(gzip.compress(client.get("/events/nights/programme/").content)) <= 60_000
