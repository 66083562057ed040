"""Exports of people's data: one asks, another agrees, and who asked takes it once."""

from __future__ import annotations

import csv
import io
import json
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tertulia.kit.errors import Gone, NotAllowed
from tertulia.people import actions
from tertulia.people.actions import (
    approve_export,
    ask_for_export,
    claim_person,
    decline_export,
    dismiss,
    give_consent,
    issue_claim_link,
    take_export,
    unappoint,
    withdraw_consent,
)
from tertulia.people.actions.staff import appoint
from tertulia.people.formats.export import as_csv
from tertulia.people.models import Account, AuditEntry, Export, Person, Purpose, StaffRole
from tertulia.people.queries.export import choices_of
from tertulia.people.tasks import clear_ended
from tertulia.programme.models import Event
from tests.factories import make_account, make_event, make_session
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def nights() -> Event:
    event = make_event("nights")
    make_session(event, "A panel", persons=("Ana Flores", "Bela Stone"))
    return event


@pytest.fixture
def care(nights: Event) -> Account:
    return make_account("care", "Blue desk", nights.slug)


@pytest.fixture
def other(nights: Event) -> Account:
    return make_account("organiser", "Green desk", nights.slug)


def approved(asking: Account, other: Account, kind: str = "credits", scope: str = "nights") -> Export:
    export = ask_for_export(kind, scope, asking)
    approve_export(export, other)
    return export


def done() -> list[str]:
    """What the audit log says of exports, oldest first."""
    found = AuditEntry.objects.filter(kind="export").order_by("number")
    return [f"{entry.what.removeprefix('people.Export')} by {entry.by}: {entry.detail}" for entry in found]


class TestTwoColleagues:
    def test_one_asks_another_agrees_and_who_asked_takes_it_once(self, care: Account, other: Account) -> None:
        export = approved(care, other)
        assert [row["name"] for row in take_export(export, care)] == ["Ana Flores", "Bela Stone"]
        assert not Export.objects.exists()
        with pytest.raises(Gone):
            take_export(export, care)
        assert done() == [
            "Asked by Blue desk: credits nights",
            "Approved by Green desk: credits nights",
            "Taken by Blue desk: credits nights",
        ]

    def test_nobody_agrees_with_themselves(self, care: Account) -> None:
        export = ask_for_export("credits", "nights", care)
        with pytest.raises(NotAllowed):
            approve_export(export, care)
        with pytest.raises(NotAllowed):
            take_export(export, care)

    def test_nor_does_who_might_not_have_asked(self, care: Account) -> None:
        make_event("days")
        export = ask_for_export("credits", "nights", care)
        for by in (
            make_account("care", scope="days"),
            make_account("moderator", scope="nights"),
            make_account("editor"),
        ):
            with pytest.raises(NotAllowed):
                approve_export(export, by)
            with pytest.raises(NotAllowed):
                decline_export(export, by)
        assert Export.objects.get().approved_by is None

    def test_only_who_asked_takes_it(self, care: Account, other: Account) -> None:
        export = approved(care, other)
        for by in (other, make_account("administrator")):
            with pytest.raises(NotAllowed):
                take_export(export, by)

    def test_nobody_takes_it_who_lost_the_role_or_whose_approver_did(self, care: Account, other: Account) -> None:
        export = approved(care, other)
        appoint(other, StaffRole.EDITOR)
        unappoint(other, StaffRole.ORGANISER, "nights")
        with pytest.raises(NotAllowed):
            take_export(export, care)
        appoint(other, StaffRole.ORGANISER, "nights")
        appoint(care, StaffRole.EDITOR)
        unappoint(care, StaffRole.CARE, "nights")
        with pytest.raises(NotAllowed):
            take_export(export, care)

    def test_it_goes_with_who_asked(self, care: Account, other: Account) -> None:
        export = approved(care, other)
        dismiss(care)
        with pytest.raises(Gone):
            approve_export(export, other)

    def test_after_a_day_it_is_over(self, care: Account, other: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        export = approved(care, other)
        # It ends with a day, and the hour of asking is not to be seen.
        assert Export.objects.get().expires_at.time() == time(0)
        assert timedelta(hours=23, minutes=59) < Export.objects.get().expires_at - timezone.now() <= timedelta(hours=48)
        later = Export.objects.get().expires_at
        monkeypatch.setattr(timezone, "now", lambda: later)
        for late in (lambda: take_export(export, care), lambda: approve_export(export, other)):
            with pytest.raises(Gone):
                late()
        clear_ended()
        assert not Export.objects.exists()

    def test_it_can_be_declined_and_given_up(self, care: Account, other: Account) -> None:
        for by in (care, other):
            decline_export(ask_for_export("credits", "nights", care), by)
        assert not Export.objects.exists()
        assert [line for line in done() if "Declined" in line] == [
            "Declined by Blue desk: credits nights",
            "Declined by Green desk: credits nights",
        ]

    def test_asking_again_needs_agreement_again(self, care: Account, other: Account) -> None:
        approved(care, other)
        again = ask_for_export("credits", "nights", care)
        assert Export.objects.count() == 1
        with pytest.raises(NotAllowed):
            take_export(again, care)

    def test_who_may_ask_for_what(self, care: Account, other: Account) -> None:
        make_event("days")
        for account in (care, other):
            assert [(one.kind, one.scope) for one in choices_of(account)] == [("credits", "nights")]
        assert ("audit", "all") in [(one.kind, one.scope) for one in choices_of(make_account("administrator"))]
        assert choices_of(make_account("reviewer")) == []
        administrator = make_account("administrator")
        for by, kind, scope in (
            (care, "credits", "days"),
            (care, "audit", "all"),
            (make_account("editor"), "credits", "nights"),
            (administrator, "credits", "nowhere"),
            (administrator, "audit", "2026-13"),
            (administrator, "nothing", "all"),
            (make_account(), "credits", "nights"),
        ):
            with pytest.raises(NotAllowed):
                ask_for_export(kind, scope, by)


class TestWhatIsInThem:
    def test_credits_say_what_each_agreed_to_and_leave_out_who_took_their_name_back(
        self, care: Account, other: Account
    ) -> None:
        account = make_account()
        ana, bela = (Person.objects.get(name=name) for name in ("Ana Flores", "Bela Stone"))
        ana = claim_person(issue_claim_link(ana, care), account)
        give_consent(ana, Purpose.QUOTED, account, language="en")
        withdraw_consent(bela, Purpose.NAMED, care)
        (row,) = take_export(approved(care, other), care)
        month = f"{timezone.now():%Y-%m}"
        told = {name: said for name, said in row.items() if said != "no"}
        assert told == {
            "name": "Ana Flores",
            "sessions": "A panel",
            "named": "by the programme",
            "quoted": f"since {month}, text 1 en",
        }
        assert set(row) == {"name", "sessions", *Purpose.values}

    def test_the_audit_log_is_an_export_too(self) -> None:
        first, second = make_account("administrator", "Blue desk"), make_account("administrator", "Green desk")
        rows = take_export(approved(first, second, "audit", "all"), first)
        assert [row["number"] for row in rows] == [str(number) for number in range(1, 7)]
        assert rows[0]["what"] == "people.Appointed"
        assert take_export(approved(first, second, "audit", "2001-01"), first) == []

    def test_a_spreadsheet_is_given_text_and_no_formulas(self) -> None:
        rows = [{"name": "=SUM(A1)", "said": "+1"}, {"name": "Ana", "said": 'a, "b"\nc'}]
        assert list(csv.reader(io.StringIO(as_csv(rows)))) == [
            ["name", "said"],
            ["'=SUM(A1)", "'+1"],
            ["Ana", 'a, "b"\nc'],
        ]


class TestThePages:
    def test_from_asking_to_the_file(self, care: Account, other: Account) -> None:
        asking, agreeing = sign_in(Client(), care), sign_in(Client(), other)
        assert "Credits and consents" in asking.get("/staff/exports/").content.decode()
        assert asking.post("/staff/exports/ask/credits/nights/")["Location"] == "/staff/exports/"
        path = f"/staff/exports/{Export.objects.get().public_id}/"
        assert "It waits for another colleague." in asking.get("/staff/exports/").content.decode()
        assert asking.post(f"{path}take/csv/").status_code == 403
        assert f"{path}approve/" in agreeing.get("/staff/exports/").content.decode()
        assert agreeing.post(f"{path}approve/").status_code == 302
        assert agreeing.post(f"{path}take/json/").status_code == 403
        assert asking.post(f"{path}take/xml/").status_code == 404
        file = asking.post(f"{path}take/json/")
        assert [row["name"] for row in json.loads(file.content)] == ["Ana Flores", "Bela Stone"]
        assert file["Content-Disposition"] == 'attachment; filename="credits-nights.json"'
        assert "no-store" in file["Cache-Control"]
        again = asking.post(f"{path}take/json/", follow=True).content.decode()
        assert ("This export was taken or declined, or its day is over." in again, path in again) == (True, False)

    def test_who_can_agree_reads_it_on_the_first_page(self, care: Account, other: Account) -> None:
        said = "1 export waits for you to agree or decline."
        asking, agreeing = sign_in(Client(), care), sign_in(Client(), other)
        assert said not in agreeing.get("/staff/").content.decode()
        export = ask_for_export("credits", "nights", care)
        assert [said in client.get("/staff/").content.decode() for client in (asking, agreeing)] == [False, True]
        approve_export(export, other)
        assert said not in agreeing.get("/staff/").content.decode()

    def test_a_look_takes_nothing(self, care: Account, other: Account) -> None:
        export = approved(care, other)
        client = sign_in(Client(), care)
        for form in ("csv", "json"):
            assert client.get(f"/staff/exports/{export.public_id}/take/{form}/").status_code == 405
        assert Export.objects.count() == 1

    def test_who_has_nothing_to_export_has_no_such_page(self, client: Client) -> None:
        sign_in(client, make_account("interpreter"))
        assert client.get("/staff/exports/").status_code == 403
        assert "/staff/exports/" not in client.get("/staff/").content.decode()

    def test_who_loses_the_role_while_they_ask_is_told_so(self, care: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        appoint(care, StaffRole.ORGANISER, make_event("days").slug)
        client, real = sign_in(Client(), care), actions.ask_for_export

        def ended_before(*given: Any) -> Export:
            unappoint(care, StaffRole.CARE, "nights")
            return real(*given)

        monkeypatch.setattr(actions, "ask_for_export", ended_before)
        page = client.post("/staff/exports/ask/credits/nights/", follow=True)
        assert page.redirect_chain == [("/staff/exports/", 302)]
        assert "This is not for you to export." in page.content.decode()
        assert not Export.objects.exists()
