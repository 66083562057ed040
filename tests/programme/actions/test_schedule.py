"""Importing a programme: what it makes, what a second import changes, what is refused and leaves no trace."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model

from tertulia.kit.errors import Invalid, NotAllowed, Overtaken
from tertulia.kit.facts import after_fact
from tertulia.people.models import Account, Person
from tertulia.programme import models
from tertulia.programme.actions.schedule import import_schedule
from tertulia.programme.facts import ScheduleImported
from tertulia.programme.formats.entries import Parsed, Schedule
from tertulia.programme.formats.schedule_json import parse, render
from tertulia.programme.models import Credit, Event, EventText, Session, SessionText, Slot
from tertulia.programme.queries.imports import ImportReport, import_preview
from tertulia.programme.queries.schedule import schedule_of
from tests.factories import make_account, make_event, make_session
from tests.ground.nursery import until
from tests.programme.schedules import as_bytes, real, session_of, small

pytestmark = pytest.mark.django_db
KINDS: list[type[Model]] = [
    Person,
    *(getattr(models, name) for name in models.__all__ if name != "Participation"),
]


def parsed(tree: object) -> Parsed:
    return parse(as_bytes(tree))


def take(tree: object, slug: str = "", **asked: Any) -> ImportReport:
    return import_schedule(parsed(tree), slug, **asked)


def counts(report: ImportReport) -> tuple[int, int, int]:
    return report.added, report.changed, report.removed


def rows() -> dict[str, list[Any]]:
    """Everything that the programme's tables hold."""
    return {kind.__name__: sorted(map(str, kind._default_manager.values_list())) for kind in KINDS}


def read_whole(tree: object) -> Schedule:
    schedule = parsed(tree).schedule
    assert schedule is not None
    return schedule


def test_a_first_import_makes_the_event_as_the_file_says() -> None:
    report = take(small())
    assert replace(report, notes=()) == ImportReport("small-nights", 3, 2, 2, 2, added=3)
    event = Event.objects.get()
    assert schedule_of(event) == read_whole(small())
    assert (event.slug, event.zone, event.language) == ("small-nights", "Europe/Lisbon", "en")
    slot = Slot.objects.get(session__slug="versos-de-noche")
    assert (slot.local_start, slot.zone) == ("2021-11-16T11:00:00", "Europe/Lisbon")
    assert slot.starts_at == datetime(2021, 11, 16, 11, tzinfo=UTC)
    languages = SessionText.objects.values_list("session__slug", "language")
    assert set(languages) == {("small-nights-1-who-asks", "en"), ("versos-de-noche", "es"), ("a-long-night", "en")}


def test_the_same_file_again_changes_not_one_row() -> None:
    take(small())
    before = rows()
    assert counts(take(small())) == (0, 0, 0)
    assert rows() == before


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Who answers?"},
        {"subtitle": ""},
        {"abstract": "Something else."},
        {"description": ""},
        {"track": "Science"},
        {"track": None},
        {"type": "Talk"},
        {"language": "ar"},
        {"do_not_record": True},
        {"persons": []},
        {"duration": "02:00"},
        {"date": "2021-11-16T08:00:00+00:00", "start": "08:00"},
    ],
)
def test_a_changed_session_is_changed_and_keeps_its_address(change: dict[str, Any]) -> None:
    take(small())
    kept = dict(Session.objects.values_list("source_id", "slug"))
    tree = small()
    session_of(tree).update(change)
    assert counts(take(tree)) == (0, 1, 0)
    assert schedule_of(Event.objects.get()).sessions == tuple(
        replace(session, slug=kept[session.source_id]) for session in read_whole(tree).sessions
    )
    assert counts(take(tree)) == (0, 0, 0)


def test_a_session_that_is_gone_is_withdrawn_and_comes_back() -> None:
    take(small())
    tree = small()
    gone = tree["schedule"]["conference"]["days"][0]["rooms"]["Main sky"].pop(0)
    assert counts(take(tree)) == (0, 0, 1)
    session = Session.objects.get(source_id=gone["guid"])
    assert session.state == Session.State.WITHDRAWN
    assert not session.slots.exists()
    assert schedule_of(Event.objects.get()).sessions == read_whole(tree).sessions
    assert counts(take(tree)) == (0, 0, 0)
    assert counts(take(small())) == (1, 0, 0)
    assert Session.objects.get(source_id=gone["guid"]).pk == session.pk
    assert schedule_of(Event.objects.get()) == read_whole(small())


def test_what_was_made_by_hand_stays() -> None:
    take(small())
    made = make_session(Event.objects.get())
    assert counts(take(small())) == (0, 0, 0)
    made.refresh_from_db()
    assert made.state == Session.State.CONFIRMED


def test_a_change_makes_translations_older_than_the_original() -> None:
    take(small())
    session = Session.objects.get(slug="versos-de-noche")
    SessionText.objects.create(session=session, language="en", title="Verses of the night", source_revision=1)
    tree = small()
    session_of(tree, 1)["title"] = "Versos del alba"
    take(tree)
    texts = SessionText.objects.filter(session=session).order_by("language")
    assert [(text.language, text.title, text.revision, text.source_revision) for text in texts] == [
        ("en", "Verses of the night", 1, 1),
        ("es", "Versos del alba", 2, None),
    ]


def test_the_events_title_and_days_follow_the_file() -> None:
    take(small())
    tree = small()
    tree["schedule"]["conference"].update(title="Large nights", end="2021-11-20")
    assert counts(take(tree)) == (0, 0, 0)
    text = EventText.objects.get()
    assert (text.title, text.revision) == ("Large nights", 2)
    assert f"{Event.objects.get().ends_on}" == "2021-11-20"


class TestContributors:
    def names(self) -> list[tuple[str, str]]:
        return sorted(Person.objects.values_list("public_id", "name"))

    def test_are_recognised_by_the_sources_id(self) -> None:
        take(small())
        before = self.names()
        tree = small()
        for number in (0, 1):
            for person in session_of(tree, number)["persons"]:
                person["public_name"] = person.pop("name", person.get("public_name")).replace("Sample", "Example")
        assert counts(take(tree)) == (0, 2, 0)
        assert self.names() == [(key, name.replace("Sample", "Example")) for key, name in before]

    def test_are_recognised_by_name_when_ids_come_or_go(self) -> None:
        take(small())
        before = self.names()
        tree = small()
        for number in (0, 1):
            for person in session_of(tree, number)["persons"]:
                person.pop("id")
                person.pop("code")
        take(tree)
        assert self.names() == before
        take(small())
        assert self.names() == before

    def test_are_strangers_between_events(self) -> None:
        take(small(), "one")
        take(small(), "two")
        assert Person.objects.filter(name="First Sample").count() == 2

    def test_go_from_the_record_when_nothing_credits_them(self) -> None:
        take(small())
        tree = small()
        session_of(tree)["persons"] = []
        take(tree)
        assert [name for _key, name in self.names()] == ["Second Sample"]

    def test_stay_two_when_one_of_two_namesakes_has_no_id(self) -> None:
        tree = small()
        session_of(tree)["persons"] = [{"code": "A", "name": "Twin"}, {"name": "Twin"}]
        take(tree)
        tree["schedule"]["conference"]["days"][0]["rooms"]["Main sky"].pop(1)
        assert counts(take(tree)) == (0, 0, 1)
        assert Credit.objects.filter(person__name="Twin").values("person").distinct().count() == 2


def test_a_dry_run_tells_the_same_figures_and_writes_nothing() -> None:
    preview = import_preview(parsed(small()))
    assert Event.objects.count() == 0
    assert preview == take(small())
    tree = small()
    session_of(tree)["title"] = "Another"
    before = rows()
    assert counts(import_preview(parsed(tree))) == (0, 1, 0)
    assert rows() == before


def test_sessions_of_one_name_get_addresses_of_their_own() -> None:
    tree = small()
    session_of(tree).update(title="Night", slug=None)
    session_of(tree, 1).update(title="Night", slug=None)
    take(tree)
    assert sorted(Session.objects.values_list("slug", flat=True)) == ["a-long-night", "night", "night-2"]


def test_a_zone_asked_for_holds() -> None:
    take(small(), zone="Africa/Accra")
    assert Event.objects.get().zone == "Africa/Accra"
    assert set(Slot.objects.values_list("zone", flat=True)) == {"Africa/Accra"}


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"slug": "With Space"}, "slug"),
        ({"slug": "../up"}, "slug"),
        ({"slug": "x" * 81}, "slug"),
        ({"zone": "Mars/Olympus"}, "zone"),
    ],
)
def test_a_bad_address_or_zone_is_refused(given: dict[str, str], where: str) -> None:
    with pytest.raises(Invalid) as refusal:
        take(small(), **given)
    assert refusal.value.where == where
    assert Event.objects.count() == 0


def test_a_partly_bad_file_changes_nothing() -> None:
    take(small())
    tree = small()
    session_of(tree)["title"] = "Another"
    session_of(tree, 1)["duration"] = "never"
    before = rows()
    with pytest.raises(Invalid) as refusal:
        take(tree)
    assert refusal.value.where == "schedule.conference.days[0].rooms['Main sky'][1].duration"
    assert rows() == before


def test_an_empty_file_does_not_withdraw_a_programme() -> None:
    take(small())
    tree = small()
    tree["schedule"]["conference"]["days"] = []
    before = rows()
    with pytest.raises(Invalid, match="it would withdraw the whole programme"):
        take(tree)
    assert rows() == before


def test_a_fault_in_the_middle_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("tertulia.programme.actions.schedule.announce", fail)
    with pytest.raises(RuntimeError):
        take(small())
    assert {kind: len(held) for kind, held in rows().items()} == {kind.__name__: 0 for kind in KINDS}


@pytest.mark.parametrize(
    ("role", "scope", "new", "existing"),
    [
        ("participant", "", False, False),
        ("organiser", "elsewhere", False, False),
        ("organiser", "small-nights", False, True),
        ("organiser", "", True, True),
        ("administrator", "", True, True),
    ],
)
def test_only_organisers_import(*, role: str, scope: str, new: bool, existing: bool) -> None:
    make_event("elsewhere")
    by = make_account(role)
    if scope:
        # Not by `appoint`: the event of this name comes only with the file.
        by.appointments.update(scope=scope)
    for allowed in (new, existing):
        if allowed:
            take(small(), by=by)
        else:
            before = rows()
            with pytest.raises(NotAllowed):
                take(small(), by=by)
            assert rows() == before
            take(small())
    Account.objects.update(is_active=False)
    by.refresh_from_db()
    with pytest.raises(NotAllowed):
        take(small(), by=by)


def test_the_import_is_told_once_it_is_done(django_capture_on_commit_callbacks: Any) -> None:
    told: list[ScheduleImported] = []
    after_fact(ScheduleImported, told.append)
    with django_capture_on_commit_callbacks(execute=True):
        take(small())
        assert told == []
    assert told == [ScheduleImported(Event.objects.get().pk)]


def test_when_the_programme_last_changed_is_known() -> None:
    take(small())
    first = Event.objects.get().programme_changed_at
    take(small())
    assert Event.objects.get().programme_changed_at == first
    tree = small()
    session_of(tree)["title"] = "Another"
    take(tree)
    assert Event.objects.get().programme_changed_at > first


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("pretalx-rc3.json", (48, 5, 5, 56)),
        ("pretalx-democon.json", (36, 2, 2, 27)),
        ("frab-camp2019.json", (79, 2, 7, 90)),
    ],
)
def test_real_files_come_in_and_go_out_whole(name: str, figures: tuple[int, int, int, int]) -> None:
    read = parse(real(name))
    report = import_schedule(read, "first")
    assert (report.sessions, report.rooms, report.tracks, report.contributors) == figures
    assert counts(report) == (figures[0], 0, 0)
    assert counts(import_schedule(read, "first")) == (0, 0, 0)
    event = Event.objects.get(slug="first")
    assert (event.sessions.count(), event.rooms.count(), event.tracks.count()) == figures[:3]
    assert Person.objects.count() == figures[3]
    written = parse(render(schedule_of(event)))
    assert written.rejected == ()
    import_schedule(written, "second")
    again = schedule_of(Event.objects.get(slug="second"))
    assert replace(again, acronym="first") == schedule_of(event) == written.schedule


def test_an_event_made_by_hand_goes_out_and_comes_in_as_itself(capsys: pytest.CaptureFixture[str]) -> None:
    event = make_event("by-hand")
    make_session(event, "One", persons=("First Sample",), track="Science", session_type="Panel")
    call_command("event_export", "by-hand")
    written = parse(capsys.readouterr().out.encode())
    assert written.schedule == schedule_of(event)
    assert counts(import_preview(written)) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_first_imports_at_once_one_is_told_to_look_again() -> None:
    said: list[str] = []

    def second() -> None:
        try:
            take(small(), seen="")
        except Overtaken as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as beside:
        with transaction.atomic():
            make_event("small-nights")
            other = beside.submit(second)
            if connection.vendor == "postgresql":
                until(_somebody_waits_for_a_lock)
        other.result()
    assert said == ["This programme was changed in the meantime. Look once more at what would change."]
    assert not Session.objects.exists()


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])
