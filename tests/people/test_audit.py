"""The audit log: what is kept, in the transaction of what happened; what nobody can change, and what shows it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from tertulia.kit.errors import Invalid, NotAllowed
from tertulia.kit.sealing import LostKey
from tertulia.live.actions import open_rooms, set_audience
from tertulia.live.models import Audience
from tertulia.people.actions import (
    appoint,
    claim_person,
    dismiss,
    forget_old_records,
    give_consent,
    invite,
    issue_claim_link,
    issue_sign_in_link,
    unappoint,
    withdraw_consent,
    word_consent,
)
from tertulia.people.models import Account, AuditEntry, AuditHead, Purpose, StaffRole
from tertulia.people.queries.audit import end_in_words, looked_over
from tertulia.programme.actions.closing import close_event
from tests.factories import make_account, make_credited, make_event, make_room
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db
GUARDS = {
    "sqlite": ["DROP TRIGGER people_audit_unchanged", "DROP TRIGGER people_audit_unremoved"],
    "postgresql": ["DROP FUNCTION people_audit_stays() CASCADE"],
}


@pytest.fixture
def administrator() -> Account:
    return make_account("administrator", "Blue desk")


def kept() -> list[tuple[str, str, str, str, str, str]]:
    """What the log says, oldest first, after the making of the first administrator."""
    columns = ("what", "by", "roles", "kind", "subject", "detail")
    return list(AuditEntry.objects.order_by("number").values_list(*columns))[2:]


def without_guards() -> None:
    """As who holds the machine may: the database no longer refuses anything."""
    with connection.cursor() as cursor:
        for statement in GUARDS[connection.vendor]:
            cursor.execute(statement)


def some_entries() -> None:
    for name in ("Heron", "Egret", "Ibis"):
        invite(name, StaffRole.EDITOR)


class TestWhatIsKept:
    def test_what_one_colleague_does_to_another(self, administrator: Account) -> None:
        make_event("nights")
        heron = invite("Heron", StaffRole.MODERATOR, "nights", by=administrator)
        appoint(heron, StaffRole.EDITOR, by=administrator)
        unappoint(heron, StaffRole.EDITOR, by=administrator)
        issue_sign_in_link(heron, 60, by=administrator)
        dismiss(heron, by=administrator)
        who, about = ("Blue desk", "administrator", "colleague"), heron.public_id
        assert kept() == [
            ("people.Appointed", *who, about, "moderator nights"),
            ("people.Invited", *who, about, ""),
            ("people.Appointed", *who, about, "editor"),
            ("people.Unappointed", *who, about, "editor"),
            ("people.SignInLinkIssued", *who, about, ""),
            ("people.Dismissed", *who, about, ""),
        ]

    def test_the_machine_is_named_where_nobody_is(self, administrator: Account) -> None:
        issue_sign_in_link(administrator, 60)
        assert kept() == [("people.SignInLinkIssued", "", "", "colleague", administrator.public_id, "")]

    def test_what_is_done_with_events_and_rooms(self, administrator: Account) -> None:
        event = make_event("nights")
        make_room(event)
        room = open_rooms(event)[0]
        set_audience(room, Audience.PUBLIC, by=administrator)
        close_event(event, by=administrator)
        assert kept() == [
            ("live.AudienceSet", "Blue desk", "administrator", "room", room.public_id, "public"),
            ("programme.EventClosed", "Blue desk", "administrator", "event", "nights", ""),
        ]

    def test_of_persons_nothing_that_says_who_and_of_what_they_do_themselves_nothing(
        self, administrator: Account
    ) -> None:
        account = make_account()
        person = claim_person(issue_claim_link(make_credited("Ana Flores"), administrator), account)
        give_consent(person, Purpose.QUOTED, account, language="en")
        give_consent(person, Purpose.SHOWN, account, language="en")
        withdraw_consent(person, Purpose.SHOWN, account)
        withdraw_consent(person, Purpose.QUOTED, administrator)
        word_consent(Purpose.QUOTED, {"en": "You may quote me."}, administrator)
        who = ("Blue desk", "administrator")
        assert kept() == [
            ("people.ClaimLinkIssued", *who, "person", "", ""),
            ("people.ConsentWithdrawn", *who, "person", "", ""),
            ("people.ConsentWorded", *who, "consent", "quoted", "2"),
        ]
        everything = repr(list(AuditEntry.objects.values()))
        assert [one for one in (person.public_id, account.public_id, "Ana") if one in everything] == []

    def test_what_was_refused_is_not_kept(self, administrator: Account) -> None:
        with pytest.raises(Invalid):
            invite("Heron", StaffRole.EDITOR, "nights", by=administrator)
        with pytest.raises(NotAllowed):
            dismiss(administrator, by=administrator)
        assert kept() == []

    def test_what_is_not_kept_has_not_happened(self, administrator: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        def no_key(_name: str) -> bytes:
            raise OSError("the disk is full")

        monkeypatch.setattr(settings.KEYS, "make", no_key)
        with pytest.raises(OSError, match="the disk is full"):
            appoint(administrator, StaffRole.EDITOR)
        monkeypatch.undo()
        assert (kept(), administrator.appointments.count()) == ([], 1)

    def test_it_tells_the_day_and_nothing_finer(self, administrator: Account) -> None:
        entry = AuditEntry.objects.filter(kind="colleague", subject=administrator.public_id)[0]
        assert entry.day == timezone.now().date()
        times = [field.name for field in AuditEntry._meta.fields if "Time" in type(field).__name__]
        assert times == []


class TestWhatNobodyChanges:
    def test_the_database_refuses_to_change_or_remove_an_entry(self) -> None:
        some_entries()
        before = list(AuditEntry.objects.values())
        for attempt in (
            lambda: AuditEntry.objects.update(by="Somebody else"),
            lambda: AuditEntry.objects.all().delete(),
            lambda: AuditEntry.objects.latest("number").delete(),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                attempt()
        assert list(AuditEntry.objects.values()) == before

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
    def test_postgresql_refuses_to_empty_the_table(self) -> None:
        some_entries()
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE people_auditentry")
        assert AuditEntry.objects.exists()

    def test_no_other_key_takes_the_place_of_a_lost_one(self) -> None:
        some_entries()
        before = AuditEntry.objects.count()
        key = settings.KEYS.get("audit")
        settings.KEYS.destroy("audit")
        with pytest.raises(LostKey, match="audit log"):
            invite("Plover", StaffRole.EDITOR)
        assert (AuditEntry.objects.count(), settings.KEYS.has("audit")) == (before, False)
        assert not Account.objects.filter(pseudonym="Plover").exists()
        settings.KEYS.put("audit", key)
        assert invite("Plover", StaffRole.EDITOR).pseudonym == "Plover"


def removed(number: int) -> None:
    AuditEntry.objects.filter(number=number).delete()


def changed(number: int) -> None:
    AuditEntry.objects.filter(number=number).update(by="Somebody else")


def swapped(_number: int) -> None:
    AuditEntry.objects.filter(number=3).update(number=100)
    AuditEntry.objects.filter(number=4).update(number=3)
    AuditEntry.objects.filter(number=100).update(number=4)


def cut_off(number: int) -> None:
    """The tail goes, and the head is written to fit, as far as one can without the key."""
    AuditEntry.objects.filter(number__gte=number).delete()
    last = AuditEntry.objects.latest("number")
    AuditHead.objects.update(number=last.number, seal=last.seal)


def beheaded(number: int) -> None:
    """The oldest go, as if their two years were over."""
    last = AuditEntry.objects.get(number=number)
    AuditEntry.objects.filter(number__lte=number).delete()
    AuditHead.objects.update(base_number=number, base_seal=last.seal)


def emptied() -> None:
    AuditEntry.objects.all().delete()
    AuditHead.objects.update(number=0, seal=b"", base_number=0, base_seal=b"", mark=b"")


ATTACKS: dict[Any, str] = {
    removed: "Before entry 4, entries are missing.",
    changed: "Entry 3 was changed, or what stood before it.",
    swapped: "Entry 3 was changed, or what stood before it.",
    cut_off: "The note of where the log begins and ends was changed.",
    beheaded: "The note of where the log begins and ends was changed.",
}


class TestWhatShows:
    def test_a_whole_log_is_said_to_be_whole(self) -> None:
        assert (looked_over().entries, looked_over().faults) == (0, ())
        some_entries()
        assert (looked_over().entries, looked_over().faults) == (6, ())

    @pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
    def test_what_was_done_past_the_database_shows(self, attack: Any) -> None:
        some_entries()
        without_guards()
        attack(3)
        assert ATTACKS[attack] in looked_over().faults

    def test_who_puts_an_older_state_in_its_place_is_found_by_an_end_that_was_noted(self) -> None:
        some_entries()
        head = AuditHead.objects.values().get()
        invite("Crane", StaffRole.EDITOR)
        noted = looked_over().end
        without_guards()
        AuditEntry.objects.filter(number__gt=head["number"]).delete()
        AuditHead.objects.update(**head)
        assert looked_over().faults == ()
        assert looked_over(noted).faults == (f"The end that was noted, {noted}, is no part of the log.",)

    def test_so_is_who_makes_it_look_as_if_it_had_never_begun(self) -> None:
        some_entries()
        noted = looked_over().end
        without_guards()
        emptied()
        assert (looked_over().entries, looked_over().faults) == (0, ())
        assert f"The end that was noted, {noted}, is no part of the log." in looked_over(noted).faults

    def test_an_end_that_was_noted_earlier_is_found_again(self) -> None:
        some_entries()
        noted = looked_over().end
        invite("Crane", StaffRole.EDITOR)
        assert looked_over(noted).faults == ()

    def test_the_key_is_not_in_the_database_and_without_it_nothing_is_believed(self) -> None:
        some_entries()
        settings.KEYS.destroy("audit")
        assert looked_over().faults == ("The key of the log is missing.",)

    def test_the_command_says_so(self, capsys: pytest.CaptureFixture[str]) -> None:
        some_entries()
        call_command("audit_verify")
        assert capsys.readouterr().out == (
            f"The audit log is whole: 6 entries. Note its end elsewhere: {looked_over().end}\n"
        )
        without_guards()
        changed(3)
        with pytest.raises(SystemExit) as ended:
            call_command("audit_verify", "--json")
        assert ended.value.code == 1
        assert '"faults": ["Entry 3 was changed' in capsys.readouterr().out


class TestTwoYears:
    def test_what_is_over_goes_and_the_rest_is_still_whole(self, monkeypatch: pytest.MonkeyPatch) -> None:
        long_ago = timezone.now() - timedelta(days=731)
        with monkeypatch.context() as then:
            then.setattr(timezone, "now", lambda: long_ago)
            some_entries()
        invite("Crane", StaffRole.EDITOR)
        seal = AuditEntry.objects.get(number=6).seal
        assert forget_old_records() == 6
        assert [entry.number for entry in AuditEntry.objects.order_by("number")] == [7, 8]
        assert (looked_over().faults, looked_over(end_in_words(3, b"\0" * 32)).faults) == ((), ())
        assert looked_over(end_in_words(6, seal)).faults == ()
        assert forget_old_records() == 0
        invite("Stork", StaffRole.EDITOR)
        assert (looked_over().entries, looked_over().faults) == (4, ())

    def test_what_is_not_over_stays(self, monkeypatch: pytest.MonkeyPatch) -> None:
        lately = timezone.now() - timedelta(days=730)
        with monkeypatch.context() as then:
            then.setattr(timezone, "now", lambda: lately)
            some_entries()
        assert forget_old_records() == 0
        assert AuditEntry.objects.count() == 6


class TestThePage:
    def test_it_says_what_was_done_latest_first(self, client: Client, administrator: Account) -> None:
        heron = invite("Heron", StaffRole.EDITOR, by=administrator)
        page = sign_in(client, administrator).get("/staff/audit/").content.decode()
        # On a phone each row is a card, and says what stands in it.
        day = timezone.now().date()
        assert f'<td data-label="Day">{day.day} {day:%B %Y}</td>' in page
        assert page.index("A colleague was invited") < page.index("A role was given")
        assert "<bdi>Heron</bdi>" in page
        assert "the machine, or its operator" in page
        dismiss(heron)
        assert "An account of staff was ended" in client.get("/staff/audit/").content.decode()

    def test_it_is_sifted_by_month_and_by_kind(self, client: Client, administrator: Account) -> None:
        close_event(make_event("nights"), by=administrator)
        sign_in(client, administrator)
        month = f"{timezone.now():%Y-%m}"
        for query, found in (
            ("kind=event", [True, False]),
            ("kind=colleague", [False, True]),
            (f"month={month}", [True, True]),
            ("month=2001-01", [False, False]),
            ("month=nonsense&kind=nonsense", [True, True]),
        ):
            page = client.get(f"/staff/audit/?{query}").content.decode()
            assert [word in page for word in ("An event was closed", "A colleague was invited")] == found, query

    def test_it_asks_as_often_for_more_entries(self, client: Client, administrator: Account) -> None:
        from django.test.utils import CaptureQueriesContext

        sign_in(client, administrator)
        counts = []
        for name in ("Heron", "Egret", "Ibis"):
            invite(name, StaffRole.EDITOR)
            with CaptureQueriesContext(connection) as counted:
                client.get("/staff/audit/")
            counts.append(len(counted))
        assert counts[0] == counts[2]

    def test_others_do_not_read_it(self, client: Client) -> None:
        sign_in(client, make_account("organiser"))
        assert client.get("/staff/audit/").status_code == 403
        assert "/staff/audit/" not in client.get("/staff/").content.decode()


def test_a_colleague_is_told_that_they_are_named(client: Client, administrator: Account) -> None:
    invite("Heron", StaffRole.EDITOR, by=administrator)
    page = sign_in(client, administrator).get("/me/what-we-know/").content.decode()
    assert "Entries in the audit log" in page
